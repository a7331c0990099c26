import type { Uuid } from '../../ovsdb/notation.ts';
import type { Missing } from './readBack.ts';

/** So often is a queue set up anew that the kernel does not keep. */
const retryAfterMs = 60_000;

/**
 * Limits that the database has and the kernel has not: somebody deleted the qdisc, or the kernel
 * cannot. vswitchd does not look, so they have to be taken away and set up anew, but not for ever.
 */
export class LostLimits {
  readonly #nowMs: () => number;
  /** Never changed in place: who saw it goes by its being the same. */
  #rows: ReadonlySet<Uuid> = new Set();
  #retriedAtMs = new Map<Uuid, number>();
  #isPolicingInVain = false;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Ports and interfaces to set up anew. */
  get rows(): ReadonlySet<Uuid> {
    return this.#rows;
  }

  /** A policer was set up twice and never came to be: this kernel cannot. */
  get isPolicingInVain(): boolean {
    return this.#isPolicingInVain;
  }

  /** `held`: what is in the kernel, so that it is lost anew if it is next time. True when there is something to do now. */
  note(missing: readonly Missing[], held: readonly Uuid[] = []): boolean {
    for (const row of held) this.#retriedAtMs.delete(row);
    const nowMs = this.#nowMs();
    const lost: Uuid[] = [];
    let isNew = false;
    for (const { row, kind } of missing) {
      const lastMs = this.#retriedAtMs.get(row) ?? Number.NEGATIVE_INFINITY;
      if (nowMs - lastMs > retryAfterMs) {
        lost.push(row);
      } else if (kind === 'police' && !this.#isPolicingInVain) {
        this.#isPolicingInVain = true;
        isNew = true;
      }
    }
    if (lost.length > 0) this.#rows = new Set([...this.#rows, ...lost]);
    return isNew || lost.length > 0;
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
    this.#isPolicingInVain = false;
    this.#retriedAtMs.clear();
  }
}
