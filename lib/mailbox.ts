/**
 * A mailbox with one slot: any number of posts before the next `take` are one. Holds a hint to look,
 * never the thing itself, so its memory is bounded by construction.
 */
export class Mailbox {
  #full = false;
  #wake: (() => void) | undefined;

  post(): void {
    this.#full = true;
    this.#wake?.();
  }

  /** Resolves with true once something was posted, with false when the signal aborts first. One taker at a time. */
  async take(signal: AbortSignal): Promise<boolean> {
    while (!this.#full) {
      if (signal.aborted) return false;
      await new Promise<void>((resolve) => {
        const wake = () => {
          signal.removeEventListener('abort', wake);
          this.#wake = undefined;
          resolve();
        };
        this.#wake = wake;
        signal.addEventListener('abort', wake, { once: true });
      });
    }
    this.#full = false;
    return !signal.aborted;
  }
}
