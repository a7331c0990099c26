import type { Applied, Commit, History, HistoryEvent, HostState, Position } from '../history.ts';

/** Hand-made histories: one host `h`, one rule `r` on one port. */
export const at = (head: number, epoch = 'e1'): Position => ({ epoch, head });

export const withVersion = (version: number): HostState => ({
  adminStateUp: true,
  limits: { 'p EGRESS': { ruleId: 'r', version, maxKbps: version * 100 } },
});

let ids = 0;
export function commit(
  atMs: number,
  position: Position,
  state = withVersion(position.head),
  floor = 0,
): Commit {
  ids += 1;
  return { id: ids, atMs, host: 'h', position, floor, state };
}

export const started = (atMs: number, position: Position | null = null): HistoryEvent => ({
  kind: 'started',
  atMs,
  host: 'h',
  position,
});

export const opened = (
  atMs: number,
  subscription: number,
  since: Position | null,
): HistoryEvent => ({ kind: 'opened', atMs, host: 'h', subscription, since });

export const closed = (atMs: number, subscription: number): HistoryEvent => ({
  kind: 'closed',
  atMs,
  host: 'h',
  subscription,
});

export const received = (
  atMs: number,
  subscription: number,
  from: Position | null,
  to: Position,
  more = false,
): HistoryEvent => ({ kind: 'received', atMs, host: 'h', subscription, from, to, more });

export const applied = (
  atMs: number,
  position: Position,
  state = withVersion(position.head),
  pieces = 1,
): Applied => ({ kind: 'applied', atMs, host: 'h', position, state, pieces });

export const enforced = (atMs: number, state: HostState): HistoryEvent => ({
  kind: 'enforced',
  atMs,
  host: 'h',
  limits: state.limits,
});

/** Two changes, told of and applied at once, and an agent that resumes in between. */
export const good: History = {
  hosts: ['h'],
  commits: [commit(100, at(1)), commit(200, at(2))],
  events: [
    started(50),
    opened(60, 1, null),
    received(110, 1, null, at(1)),
    applied(110, at(1)),
    { kind: 'acknowledged', atMs: 115, ruleId: 'r', version: 1 },
    closed(120, 1),
    opened(150, 2, at(1)),
    received(160, 2, at(1), at(1)),
    applied(160, at(1)),
    received(210, 2, at(1), at(2)),
    applied(210, at(2)),
    enforced(211, withVersion(2)),
  ],
  outages: [],
  audit: [
    { ruleId: 'r', version: 1 },
    { ruleId: 'r', version: 2 },
  ],
  endedAtMs: 10_000,
  boundMs: 1_000,
};
