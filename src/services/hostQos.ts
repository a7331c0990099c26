import { type Actor, requireOwnHost } from '../domain/actor.ts';
import { refuseIfAny } from '../domain/errors.ts';
import type { FeedPosition } from '../domain/feedCursor.ts';
import { textFault } from '../domain/text.ts';
import { hostQosChanges, pagesOf, samePosition } from '../feed/hostQosChanges.ts';
import type { PortQos } from '../feed/readFeed.ts';
import { type HostQosStep, readStep } from '../feed/step.ts';
import type { Services } from './services.ts';

/** An agent reads its own host's feed; an administrator may look at any. */
function requireFeed(actor: Actor, host: string): void {
  if (actor.role !== 'admin') requireOwnHost(actor, host);
  refuseIfAny(textFault('host', host));
}

/** What the agent on `host` must enforce now: the whole first step of its feed, in one piece. */
export async function getHostQos(
  services: Services,
  actor: Actor,
  host: string,
): Promise<HostQosStep> {
  requireFeed(actor, host);
  const pages = pagesOf({ em: () => services.emFor(actor), ...services.feed }, host);
  const ports = new Map<string, PortQos>();
  let last: HostQosStep | undefined;
  for await (const piece of readStep(pages, null)) {
    // A step overtaken by compaction or a new epoch starts over, with another `to`.
    if (last && !samePosition(last.to, piece.to)) ports.clear();
    for (const port of piece.ports) ports.set(port.portId, port);
    last = piece;
  }
  if (!last) throw new Error(`The feed of host ${host} gave no step.`);
  return { ...last, from: null, more: false, ports: [...ports.values()] };
}

/** The feed of `host` from `since` on. Opened by the host's own agent, it makes the agent `connected`. */
export async function* openHostFeed(
  services: Services,
  actor: Actor,
  host: string,
  since: FeedPosition | null,
  signal: AbortSignal,
): AsyncGenerator<HostQosStep, void, undefined> {
  requireFeed(actor, host);
  const { log, switchboard, feed } = services;
  const em = () => services.emFor(actor);
  const source = { em, log, hub: switchboard.feeds, ...feed };
  const closed = actor.role === 'agent' ? services.presence.opened(host) : undefined;
  try {
    yield* hostQosChanges(source, host, since, signal);
  } finally {
    closed?.();
  }
}
