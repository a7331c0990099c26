import { Mailbox } from '../../lib/mailbox.ts';

const capacity = 256;

/** What a listener is given: the notices since it last asked, or the word that they were too many. */
export type Batch<N> = readonly N[] | 'RELOAD';

/**
 * Best-effort events for user interfaces. Every listener has a buffer of a fixed size; one that falls
 * behind is told to reload instead of making the server hold more (invariant 5).
 */
export class EventHub<N> {
  readonly #listeners = new Set<{ buffer: N[]; overflown: boolean; wake: Mailbox }>();

  publish(notices: readonly N[]): void {
    if (notices.length === 0) return;
    for (const listener of this.#listeners) {
      if (listener.buffer.length + notices.length > capacity) {
        listener.overflown = true;
        listener.buffer = [];
      } else if (!listener.overflown) {
        listener.buffer.push(...notices);
      }
      listener.wake.post();
    }
  }

  /** Tells every listener to reload: notices may have been lost. */
  publishReload(): void {
    for (const listener of this.#listeners) {
      listener.overflown = true;
      listener.buffer = [];
      listener.wake.post();
    }
  }

  async *listen(signal: AbortSignal): AsyncGenerator<Batch<N>, void, undefined> {
    const listener = { buffer: [] as N[], overflown: false, wake: new Mailbox() };
    this.#listeners.add(listener);
    try {
      while (await listener.wake.take(signal)) {
        const batch: Batch<N> = listener.overflown ? 'RELOAD' : listener.buffer;
        listener.overflown = false;
        listener.buffer = [];
        if (batch === 'RELOAD' || batch.length > 0) yield batch;
      }
    } finally {
      this.#listeners.delete(listener);
    }
  }
}
