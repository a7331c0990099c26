import { unreachable } from '../../../lib/errors.ts';
import type { OvsChange } from './aims.ts';
import { directionKey } from './apply.ts';

/**
 * Since when limits have been counting. No mechanism says so: a meter's duration goes on when `mod-meter` sets its
 * counters to 0, and the kernel gives a queue no age. Keyed by `directionKey`, times of one clock.
 */
export class CountingTimes {
  /** What was applied and no look at the limit has shown yet. */
  readonly #begun = new Map<string, number>();
  #settledMs = 0;

  /** These changes, applied after `atMs`, make some counters begin with 0. */
  applied(changes: readonly OvsChange[], atMs: number): void {
    for (const change of changes) {
      if (beginsCounting(change)) this.#begun.set(directionKey(change), atMs);
    }
  }

  /** What was applied before has been read back: limits that it was for are known. */
  settled(atMs: number): void {
    this.#settledMs = atMs;
  }

  /** These limits are all there are: what began before they were known belongs to another, which is gone. */
  keep(limits: ReadonlySet<string>): void {
    for (const [key, atMs] of this.#begun) {
      if (atMs <= this.#settledMs && !limits.has(key)) this.#begun.delete(key);
    }
  }

  /** Something was applied since the limit was last asked about. */
  isNew(key: string): boolean {
    return this.#begun.has(key);
  }

  /** When a limit that has counted so far began. `last`: what the look before showed of it, null: nothing. Null: before this process looked. */
  beganMs(key: string, packets: bigint, last: Counted | null): number | null {
    const begunMs = this.#begun.get(key);
    this.#begun.delete(key);
    if (begunMs !== undefined) return begunMs;
    if (!last) return null;
    // Somebody else made it anew, a restart of the switch for one: at the earliest just after the last look.
    return packets < last.packets ? last.atMs : last.beganMs;
  }
}

/** What a look showed. */
export interface Counted {
  readonly packets: bigint;
  readonly beganMs: number | null;
  readonly atMs: number;
}

function beginsCounting({ mechanism, direction, put, secure, clear }: OvsChange): boolean {
  const inserts = (wanted: string) =>
    secure.some(({ op, table }) => op === 'insert' && table === wanted);
  switch (mechanism) {
    case 'openflow':
      return put.some(({ kind }) => kind === 'addMeter' || kind === 'modifyMeter');
    case 'linux_htb':
      // Made, or made anew: a class that is changed in place goes on counting.
      return clear.length > 0 || inserts(direction === 'INGRESS' ? 'QoS' : 'Queue');
    case 'ingress_policing':
      // Open vSwitch makes the whole ingress qdisc anew with every change of a policer.
      return secure.length > 0;
    default:
      return unreachable(mechanism);
  }
}
