import { type Actor, requireOwnHost } from '../domain/actor.ts';
import { refuse, refuseIfAny } from '../domain/errors.ts';
import { decodeFeedCursor, type FeedPosition } from '../domain/feedCursor.ts';
import { bounds, textFault } from '../domain/text.ts';
import type { Services } from './services.ts';

export interface AgentHeartbeatInput {
  readonly host: string;
  readonly binary: string;
  readonly agentType: string;
  readonly version?: string | null | undefined;
  readonly configurations?: Record<string, unknown> | null | undefined;
  readonly startFlag: boolean;
  readonly confirmed?: string | null | undefined;
}

export interface Heartbeat {
  readonly host: string;
  readonly desired: FeedPosition;
  readonly intervalMs: number;
}

/** Records that the host's agent lives, and what it says of itself. Moves no feed. */
export async function recordHeartbeat(
  services: Services,
  actor: Actor,
  input: AgentHeartbeatInput,
): Promise<Heartbeat> {
  requireOwnHost(actor, input.host);
  refuseIfAny([
    ...textFault('binary', input.binary),
    ...textFault('agentType', input.agentType),
    ...textFault('version', input.version),
  ]);
  const { host, binary, agentType, version = null, startFlag } = input;
  const { id, change, desired } = await services.bulk.heartbeats.add({
    host,
    binary,
    agentType,
    version,
    configurations: configurationsText(input.configurations),
    startFlag,
    confirmed: input.confirmed ? decodeFeedCursor(input.confirmed) : null,
  });
  if (change) services.doorbell.ring({ hosts: [], rules: [], agents: [{ type: change, id }] });
  return { host, desired, intervalMs: services.settings.heartbeatMs };
}

function configurationsText(configurations: object | null | undefined): string | null {
  if (!configurations) return null;
  const text = JSON.stringify(configurations);
  if (Buffer.byteLength(text) > bounds.configurationsBytes) {
    throw refuse(
      'BAD_USER_INPUT',
      `configurations must be at most ${bounds.configurationsBytes} bytes of JSON, not ${Buffer.byteLength(text)}.`,
      'configurations',
    );
  }
  return text;
}
