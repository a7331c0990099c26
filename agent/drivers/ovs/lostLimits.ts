import type { Uuid } from '../../ovsdb/notation.ts';
import type { Altered } from './findings.ts';
import type { ReadBack } from './readBack.ts';

/** So often is a queue set up anew that the kernel does not keep. */
const retryAfterMs = 60_000;

/** What was read back of those that were read. */
type Noted = Pick<ReadBack, 'missing'> & Partial<Pick<ReadBack, 'held' | 'altered'>>;

/**
 * Limits that the database has and the kernel has not, or not so: somebody deleted or changed them, or the kernel
 * cannot. vswitchd does not look, so they have to be taken away and set up anew, but not for ever.
 */
export class LostLimits {
  readonly #nowMs: () => number;
  /** Never changed in place: who saw it goes by its being the same. */
  #rows: ReadonlySet<Uuid> = new Set();
  #retriedAtMs = new Map<Uuid, number>();
  /** Never changed in place, as `#rows`. */
  #policedInVain: ReadonlyMap<Uuid, number | null> = new Map();
  /** Bursts for which limits were set up anew; one that is the same afterwards is what the kernel makes of what was set. */
  readonly #burstsRetried = new Map<Uuid, number>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Ports and interfaces to set up anew. */
  get rows(): ReadonlySet<Uuid> {
    return this.#rows;
  }

  /**
   * Interfaces whose policer was set up twice and never came to be, with the index of the device that would not take it:
   * another device of that name is tried anew.
   */
  get policedInVain(): ReadonlyMap<Uuid, number | null> {
    return this.#policedInVain;
  }

  /** What held is lost anew if it is next time. True when there is something to do now. */
  note({ missing, held = [], altered = [] }: Noted): boolean {
    for (const row of held) {
      this.#retriedAtMs.delete(row);
      this.#burstsRetried.delete(row);
    }
    const nowMs = this.#nowMs();
    const lost = this.#noteAltered(altered);
    const inVain = new Map(this.#policedInVain);
    for (const { row, kind, device } of missing) {
      const lastMs = this.#retriedAtMs.get(row) ?? Number.NEGATIVE_INFINITY;
      if (nowMs - lastMs > retryAfterMs) lost.push(row);
      else if (kind === 'police') inVain.set(row, device.ifindex);
    }
    if (lost.length > 0) this.#rows = new Set([...this.#rows, ...lost]);
    return this.#noteInVain(inVain) || lost.length > 0;
  }

  /** A plan that set them up anew was applied. */
  retried(): void {
    const nowMs = this.#nowMs();
    for (const [row, atMs] of this.#retriedAtMs) {
      if (nowMs - atMs > retryAfterMs) this.#retriedAtMs.delete(row);
    }
    for (const row of this.#rows) this.#retriedAtMs.set(row, nowMs);
    if (this.#rows.size > 0) this.#rows = new Set();
  }

  /** The switch is a new one: what failed may work now. */
  reset(): void {
    if (this.#policedInVain.size > 0) this.#policedInVain = new Map();
    this.#retriedAtMs.clear();
    this.#burstsRetried.clear();
  }

  /** Those to set up anew. */
  #noteAltered(altered: readonly Altered[]): Uuid[] {
    const changed = altered.filter(
      ({ row, burstKbps }) => this.#burstsRetried.get(row) !== burstKbps,
    );
    for (const { row, burstKbps } of changed) this.#burstsRetried.set(row, burstKbps);
    return changed.map(({ row }) => row);
  }

  /** True when it says something new. */
  #noteInVain(inVain: ReadonlyMap<Uuid, number | null>): boolean {
    const before = this.#policedInVain;
    const isNew = inVain.entries().some(([row, ifindex]) => before.get(row) !== ifindex);
    if (isNew) this.#policedInVain = inVain;
    return isNew;
  }
}
