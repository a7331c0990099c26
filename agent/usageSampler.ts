import type { Usage } from './drivers/driver.ts';

interface Sample {
  readonly usage: Promise<readonly Usage[]>;
  readonly atMs: number;
}

/** Nobody takes an older one, and what is kept from one sample to the next is what collecting garbage costs most for. */
const keptMs = 2_000;

/** Asks the driver what limits have counted, not more often than somebody needs to know. */
export class UsageSampler {
  readonly #read: () => Promise<readonly Usage[]>;
  readonly #nowMs: () => number;
  #last: Sample | null = null;

  constructor(read: () => Promise<readonly Usage[]>, nowMs: () => number) {
    this.#read = read;
    this.#nowMs = nowMs;
  }

  /** What limits have counted, as of `maxAgeMs` ago at the earliest; those who ask together share one look. Rejects while the switch is away. */
  sample(maxAgeMs: number): Promise<readonly Usage[]> {
    const nowMs = this.#nowMs();
    if (this.#last && nowMs - this.#last.atMs <= maxAgeMs) return this.#last.usage;
    const sample = { usage: this.#read(), atMs: nowMs };
    this.#last = sample;
    setTimeout(() => this.#forget(sample), keptMs).unref();
    return sample.usage;
  }

  #forget(sample: Sample): void {
    if (this.#last === sample) this.#last = null;
  }
}
