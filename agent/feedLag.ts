/**
 * How long the server has been known to be ahead of this agent. Cursors can only be compared for equality
 * (schema: Cursor), so being behind is known from a heartbeat, and over with the next step: that one leads to
 * wherever the server was when it read it.
 */
export class FeedLag {
  readonly #nowMs: () => number;
  #behindSinceMs: number | null = null;
  #steppedAtMs = Number.NEGATIVE_INFINITY;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** A heartbeat that was sent at `sentAtMs` said where this host's feed is; this agent is at `cursor`. */
  told(desired: string, cursor: string | null, sentAtMs: number): void {
    // A step overtook the answer, and may have led further than the answer knew.
    if (this.#steppedAtMs >= sentAtMs) return;
    this.#behindSinceMs = desired === cursor ? null : (this.#behindSinceMs ?? this.#nowMs());
  }

  stepped(): void {
    this.#steppedAtMs = this.#nowMs();
    this.#behindSinceMs = null;
  }

  /** 0 while nothing is known to be missing. */
  get seconds(): number {
    return this.#behindSinceMs === null ? 0 : (this.#nowMs() - this.#behindSinceMs) / 1000;
  }
}
