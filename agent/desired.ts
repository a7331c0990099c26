import { unreachable } from '../lib/errors.ts';
import type {
  HostQosChangesSubscription,
  PortQosFieldsFragment as PortQos,
} from '../schema/generated/graphql.ts';

/** One message of a host's feed: a step, or a piece of one (schema: HostQosChange). */
export type Change = Untraced & Partial<Pick<Step, 'traceparent'>>;
type Step = HostQosChangesSubscription['hostQosChanges'];
type Untraced = Omit<Step, 'traceparent'>;

/** A complete state of this host, as the feed said it: what must hold, and the position that says so. */
export interface DesiredState {
  readonly cursor: string;
  readonly adminStateUp: boolean;
  /** Only ports that ask for something; one that is not named is to have no limit. */
  readonly ports: ReadonlyMap<string, PortQos>;
}

const nothing: DesiredState['ports'] = new Map();

/** What the switch is to have: nothing while the agent is administratively down. */
export function enforceable({ adminStateUp, ports }: DesiredState): DesiredState['ports'] {
  return adminStateUp ? ports : nothing;
}

/** The pieces so far of a step that is not complete yet. They mean nothing until the last has come. */
interface Staged {
  readonly from: string | null;
  readonly to: string;
  readonly pieces: readonly (readonly PortQos[])[];
}

/** Where the agent stands in its feed: the last complete state, null before the first, and what is staged on it. */
export interface FeedState {
  readonly desired: DesiredState | null;
  readonly staged: Staged | null;
}

/** What one message did. `whole`: the state was sent from nothing, so the server may know nothing of ours. */
export type Advance =
  | { readonly kind: 'staged'; readonly state: FeedState }
  | {
      readonly kind: 'committed';
      readonly state: FeedState;
      readonly desired: DesiredState;
      readonly whole: boolean;
    }
  | { readonly kind: 'misfit'; readonly state: FeedState; readonly reason: string };

type Fit =
  | { readonly kind: 'starts' }
  | { readonly kind: 'continues'; readonly staged: Staged }
  | { readonly kind: 'misfit'; readonly reason: string };

/**
 * Moves the feed on by one message. A step is taken only if it continues exactly where this agent stands
 * (invariant 6), pieces only together with their last; a misfit changes nothing but drops what was staged.
 */
export function advance(state: FeedState, change: Change): Advance {
  const fit = fitOf(state, change);
  switch (fit.kind) {
    case 'misfit':
      return { kind: 'misfit', state: unstaged(state), reason: fit.reason };
    case 'starts':
      return take(state, change, [change.ports]);
    case 'continues':
      return take(state, change, [...fit.staged.pieces, change.ports]);
    default:
      return unreachable(fit);
  }
}

/** What is left when the subscription is gone: pieces do not outlive it. */
export function unstaged(state: FeedState): FeedState {
  return { desired: state.desired, staged: null };
}

function fitOf({ desired, staged }: FeedState, { from, to }: Change): Fit {
  if (staged && staged.from === from && staged.to === to) return { kind: 'continues', staged };
  // The whole state fits anywhere: the server starts over when compaction overtook a set of pieces (invariant 3).
  if (from === null) return { kind: 'starts' };
  if (staged) {
    const reason = `A piece from ${from} to ${to} came inside the step from ${staged.from} to ${staged.to}.`;
    return { kind: 'misfit', reason };
  }
  if (from === desired?.cursor) return { kind: 'starts' };
  const stand = desired ? `at ${desired.cursor}` : 'nowhere yet';
  return { kind: 'misfit', reason: `A step continues at ${from}, but this agent is ${stand}.` };
}

function take(state: FeedState, change: Change, pieces: Staged['pieces']): Advance {
  const { from, to, more, adminStateUp } = change;
  if (more) return { kind: 'staged', state: { ...state, staged: { from, to, pieces } } };
  const base = from === null ? [] : (state.desired?.ports ?? []);
  const desired = { cursor: to, adminStateUp, ports: merged(base, pieces) };
  return {
    kind: 'committed',
    state: { desired, staged: null },
    desired,
    whole: from === null,
  };
}

function merged(
  base: Iterable<readonly [string, PortQos]>,
  pieces: Staged['pieces'],
): ReadonlyMap<string, PortQos> {
  const ports = new Map(base);
  for (const port of pieces.flat()) {
    if (port.egress || port.ingress) ports.set(port.portId, port);
    else ports.delete(port.portId);
  }
  return ports;
}
