import { unreachable } from '../../../lib/errors.ts';
import type { OvsChange } from './aims.ts';
import { directionKey } from './apply.ts';

/** Changed in place: what each round leaves and the next replaces is what collecting garbage costs most for. */
interface Sample {
  packets: bigint;
  atMs: number;
  /** When the counting began; null: before this process looked. */
  beganMs: number | null;
}

/**
 * Since when each limit has been counting. No mechanism says so: a meter's duration goes on when `mod-meter`
 * sets its counters to 0, and the kernel gives a queue no age. Keyed by `directionKey`, times of one clock.
 */
export class CountingTimes {
  readonly #samples = new Map<string, Sample>();
  readonly #begun = new Map<string, number>();

  /** These changes, applied after `atMs`, make some counters begin with 0. */
  applied(changes: readonly OvsChange[], atMs: number): void {
    for (const change of changes) {
      if (beginsCounting(change)) this.#begun.set(directionKey(change), atMs);
    }
  }

  /** These limits are all there are. A sample cannot tell: several may be taken while a change is still being read back. */
  keep(limits: ReadonlySet<string>): void {
    for (const key of this.#begun.keys()) if (!limits.has(key)) this.#begun.delete(key);
  }

  /** Takes in how far a limit has counted by `atMs`; gives when it began. */
  sampled(key: string, packets: bigint, atMs: number): number | null {
    const last = this.#samples.get(key);
    const beganMs = this.#beganMs(key, packets, last);
    if (last) Object.assign(last, { packets, atMs, beganMs });
    else this.#samples.set(key, { packets, atMs, beganMs });
    return beganMs;
  }

  /** All that counted have been sampled since then: the others count no more. */
  forgetBefore(atMs: number): void {
    for (const [key, sample] of this.#samples) if (sample.atMs < atMs) this.#samples.delete(key);
  }

  #beganMs(key: string, packets: bigint, last: Sample | undefined): number | null {
    const begunMs = this.#begun.get(key) ?? null;
    if (!last) return begunMs;
    if (begunMs !== null && begunMs > last.atMs) return begunMs;
    // Somebody else made it anew, a restart of the switch for one: at the earliest just after the last look.
    return packets < last.packets ? last.atMs : last.beganMs;
  }
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
