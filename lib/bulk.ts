import { AsyncLocalStorage } from 'node:async_hooks';
import { sleep } from './retry.ts';

export interface BulkOptions<Item, Result> {
  /** Writes the items; gives a result for each, in their order. */
  readonly write: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** The most items in one write. */
  readonly most: number;
  /** How long the first item waits for company. */
  readonly gatherMs: number;
  /** True for an error that no item is to blame for. After any other, each item is tried alone. */
  readonly concernsAll: (error: unknown) => boolean;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Makes few writes of what many callers write at about the same time: one write at a time, with all that came
 * while the one before was under way. A caller waits for its own item; no item fails for another's sake.
 */
export class Bulk<Item, Result> {
  readonly #options: BulkOptions<Item, Result>;
  /** What is written is many callers': in the context of the one who came first, it would end with his patience. */
  readonly #outside = AsyncLocalStorage.snapshot();
  #waiting: Waiting<Item, Result>[] = [];
  #writing = false;
  #newest: Promise<unknown> = Promise.resolve();

  constructor(options: BulkOptions<Item, Result>) {
    this.#options = options;
  }

  /** Resolves once the item is written. Whoever calls bounds how many wait here. */
  add(item: Item): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    this.#waiting.push({ item, resolve, reject });
    this.#newest = promise;
    if (!this.#writing) void this.#outside(() => this.#writeAll());
    return promise;
  }

  /** Resolves once all that was added so far is written, or has failed. */
  async settled(): Promise<void> {
    await this.#newest.catch(() => undefined);
  }

  async #writeAll(): Promise<void> {
    const { gatherMs, most } = this.#options;
    this.#writing = true;
    while (this.#waiting.length > 0) {
      if (gatherMs > 0) await sleep(gatherMs);
      await this.#write(this.#waiting.splice(0, most));
    }
    this.#writing = false;
  }

  /** Never rejects: those who wait hear of it. */
  async #write(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.#options.write(batch.map(({ item }) => item));
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as Result);
    } catch (error) {
      if (batch.length > 1 && !this.#options.concernsAll(error)) {
        for (const waiting of batch) await this.#write([waiting]);
      } else {
        for (const { reject } of batch) reject(error);
      }
    }
  }
}
