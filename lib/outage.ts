/** When a trouble that goes on is said: at once, then after a while, then at growing distance. */
export interface OutageTiming {
  readonly firstMs: number;
  readonly capMs: number;
}

const defaultTiming: OutageTiming = { firstMs: 10_000, capMs: 600_000 };

/** A trouble met again and again: a log is to name it, and not to be full of it. */
export class Outage {
  readonly #nowMs: () => number;
  readonly #timing: OutageTiming;
  #sinceMs: number | null = null;
  #nextMs = 0;
  #distanceMs = 0;

  constructor(nowMs: () => number = () => performance.now(), timing = defaultTiming) {
    this.#nowMs = nowMs;
    this.#timing = timing;
  }

  /** The trouble was met. True: it is time to say so. */
  met(): boolean {
    const nowMs = this.#nowMs();
    if (this.#sinceMs === null) {
      this.#sinceMs = nowMs;
      this.#distanceMs = this.#timing.firstMs;
    } else if (nowMs < this.#nextMs) return false;
    else this.#distanceMs = Math.min(this.#distanceMs * 2, this.#timing.capMs);
    this.#nextMs = nowMs + this.#distanceMs;
    return true;
  }

  /** It is over: for how long it was met; null if it was not. */
  over(): number | null {
    const sinceMs = this.#sinceMs;
    this.#sinceMs = null;
    return sinceMs === null ? null : this.#nowMs() - sinceMs;
  }
}
