import type { Usage } from './drivers/driver.ts';

interface Sample {
  readonly usage: Promise<readonly Usage[]>;
  readonly atMs: number;
}

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
    this.#last = { usage: this.#read(), atMs: nowMs };
    return this.#last.usage;
  }
}
