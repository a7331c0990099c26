import { Mailbox } from '../../lib/mailbox.ts';

const capacity = 256;

/** What a listener is given: the notices since it last asked, or the word that they were too many. */
export type Batch<N> = readonly N[] | 'RELOAD';

interface Listener<N> {
  readonly concerns: (notice: N) => boolean;
  readonly wake: Mailbox;
  buffer: N[];
  overflown: boolean;
}

/**
 * Best-effort events for user interfaces. Every listener has a buffer of a fixed size; one that falls
 * behind is told to reload instead of making the server hold more (invariant 5).
 */
export class EventHub<N> {
  readonly #listeners = new Set<Listener<N>>();

  publish(notices: readonly N[]): void {
    for (const listener of this.#listeners) {
      const wanted = notices.filter(listener.concerns);
      if (wanted.length === 0) continue;
      if (listener.buffer.length + wanted.length > capacity) {
        listener.overflown = true;
        listener.buffer = [];
      } else if (!listener.overflown) {
        listener.buffer.push(...wanted);
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

  /** `concerns`: what the listener may hear of; nothing else fills its buffer, or makes it reload. */
  async *listen(
    signal: AbortSignal,
    concerns: Listener<N>['concerns'],
  ): AsyncGenerator<Batch<N>, void, undefined> {
    const listener: Listener<N> = { concerns, wake: new Mailbox(), buffer: [], overflown: false };
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
