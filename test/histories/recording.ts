import type { Change, DesiredState } from '../../agent/desired.ts';
import { decodeFeedCursor } from '../../src/domain/feedCursor.ts';
import type { HistoryEvent, HostState, Limit, Outage, Position } from './history.ts';

/** Milliseconds since 1970 on a clock that only goes forward, whatever a fault makes of Date. */
export const nowMs = (): number => performance.timeOrigin + performance.now();

type Unstamped<Event> = Event extends HistoryEvent ? Omit<Event, 'atMs'> : never;

/** What the clients of one history saw, in order. */
export class Recording {
  readonly events: HistoryEvent[] = [];
  readonly outages: Outage[] = [];

  add(event: Unstamped<HistoryEvent>): void {
    this.events.push({ ...event, atMs: nowMs() } as HistoryEvent);
  }

  /** Keeps `host` (null: every host) from being promised anything while `work` lasts. */
  async outage<T>(why: string, host: string | null, work: () => Promise<T>): Promise<T> {
    const fromMs = nowMs();
    const outage = { why, host, fromMs, untilMs: Number.POSITIVE_INFINITY };
    const index = this.outages.push(outage) - 1;
    try {
      return await work();
    } finally {
      this.outages[index] = { ...outage, untilMs: nowMs() };
    }
  }
}

/** Null too for a cursor that no server wrote: from it nothing can be told either. */
export function positionOf(cursor: string | null | undefined): Position | null {
  const position = cursor ? decodeFeedCursor(cursor) : null;
  return position && { epoch: position.epoch, head: Number(position.revision) };
}

export function messageOf({ from, to, more }: Change) {
  return { from: positionOf(from), to: positionOf(to) ?? { epoch: 'garbage', head: 0 }, more };
}

export function stateOf({ adminStateUp, ports }: DesiredState): HostState {
  return { adminStateUp, limits: limitsOf(ports) };
}

export function limitsOf(ports: DesiredState['ports']): Record<string, Limit> {
  const limits: Record<string, Limit> = {};
  for (const { portId, egress, ingress } of ports.values()) {
    for (const [direction, limit] of [['EGRESS', egress] as const, ['INGRESS', ingress] as const]) {
      if (!limit) continue;
      const { ruleId, ruleVersion: version, maxKbps = null } = limit;
      limits[`${portId} ${direction}`] = { ruleId, version, maxKbps };
    }
  }
  return limits;
}
