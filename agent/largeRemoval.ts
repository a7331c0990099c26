import type { DesiredState } from './desired.ts';

/** How many of a host's limits a new state takes away; a limit is one direction of one port. */
export interface LargeRemoval {
  readonly removed: number;
  readonly of: number;
}

export interface Judged {
  /** What holds now; null: nothing is known yet, so nothing can be taken away. */
  readonly current: DesiredState | null;
  /** A state that was held back before, for what it takes away. */
  readonly doubted: DesiredState | null;
  readonly next: DesiredState;
  /** `next` was read from nothing. */
  readonly whole: boolean;
}

/** Fewer than these are a day's work, whatever share of a host they are. */
const leastRemoved = 20;

/**
 * A mistake at the server must not unlimit a host in one step: a state that takes away more than half of its
 * limits, and at least 20, counts once the whole state, read anew, says so too. Null: `next` may be applied.
 */
export function unconfirmedRemoval({ current, doubted, next, whole }: Judged): LargeRemoval | null {
  const removal = largeRemoval(current, next);
  if (removal === null) return null;
  // Said twice is what both take away; what only the second one does must not be a large removal by itself.
  const isConfirmed = doubted !== null && whole && largeRemoval(doubted, next) === null;
  return isConfirmed ? null : removal;
}

/** Null where too little goes to mind. An agent that is put down says so: that is no such removal. */
export function largeRemoval(
  before: DesiredState | null,
  after: DesiredState,
): LargeRemoval | null {
  if (before === null || !after.adminStateUp) return null;
  let of = 0;
  let removed = 0;
  for (const [portId, limits] of before.ports) {
    for (const direction of ['egress', 'ingress'] as const) {
      if (!limits[direction]) continue;
      of += 1;
      if (!after.ports.get(portId)?.[direction]) removed += 1;
    }
  }
  return removed >= leastRemoved && removed * 2 > of ? { removed, of } : null;
}
