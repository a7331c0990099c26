import { Mailbox } from '../../lib/mailbox.ts';
import { Turns } from '../../lib/turns.ts';
import type { FeedPosition } from '../domain/feedCursor.ts';
import { type ChangeStages, ChangeTimer } from './changeStages.ts';
import type { Told } from './heads.ts';

/** One open feed: a dirty flag and a cursor, never a queue (invariant 5). */
export interface Subscriber {
  /** How far this subscriber has been told; null before its first step. */
  position: FeedPosition | null;
  readonly timer: ChangeTimer;
  /** Resolves with true when there may be something past `position`, with false when the signal aborts. */
  wait(signal: AbortSignal): Promise<boolean>;
  close(): void;
}

interface Entry {
  readonly subscriber: Subscriber;
  readonly dirty: Mailbox;
}

/**
 * How many reads of feeds run at a time. When ten thousand agents come at once, their first reads wait for each
 * other here, page by page, and neither a change of a host that is up to date nor anybody else's statement
 * waits for them: the pool has more connections than both together.
 */
const readsAtOnce = { first: 3, next: 3 };

/** The feeds open on this server, by host. */
export class Hub {
  readonly reads = { first: new Turns(readsAtOnce.first), next: new Turns(readsAtOnce.next) };
  readonly #entries = new Map<string, Set<Entry>>();
  readonly #stages: ChangeStages;

  constructor(stages: ChangeStages) {
    this.#stages = stages;
  }

  subscribe(host: string): Subscriber {
    const dirty = new Mailbox();
    const subscriber: Subscriber = {
      position: null,
      timer: new ChangeTimer(this.#stages),
      wait: (signal) => dirty.take(signal),
      close: () => this.#remove(host, entry),
    };
    const entry: Entry = { subscriber, dirty };
    const entries = this.#entries.get(host) ?? new Set();
    this.#entries.set(host, entries.add(entry));
    return subscriber;
  }

  /** Says that the host's feed may have moved. */
  wake(host: string, trace?: string): void {
    for (const entry of this.#entries.get(host) ?? []) wakeUp(entry, trace);
  }

  /** Wakes everyone: after a time in which doorbells may have been lost. */
  wakeAll(): void {
    for (const host of this.#entries.keys()) this.wake(host);
  }

  hosts(): string[] {
    return [...this.#entries.keys()];
  }

  has(host: string): boolean {
    return this.#entries.has(host);
  }

  /** How far each subscriber was told. One that was told nothing yet is about to read. */
  told(): Told[] {
    const told: Told[] = [];
    for (const [host, entries] of this.#entries) {
      for (const { subscriber } of entries) {
        if (subscriber.position) told.push({ host, position: subscriber.position });
      }
    }
    return told;
  }

  /** For how long each open feed has had a change that its agent has not said it is done with; 0: none. */
  behindMs(): number[] {
    return [...this.#entries.values()].flatMap((entries) =>
      [...entries].map(({ subscriber }) => subscriber.timer.behindMs),
    );
  }

  /** Says that the host's agent has done everything up to `position`. */
  acknowledged(host: string, position: FeedPosition): void {
    for (const { subscriber } of this.#entries.get(host) ?? []) {
      subscriber.timer.acknowledged(position);
    }
  }

  #remove(host: string, entry: Entry): void {
    const entries = this.#entries.get(host);
    entries?.delete(entry);
    if (entries?.size === 0) this.#entries.delete(host);
  }
}

function wakeUp({ subscriber, dirty }: Entry, trace?: string): void {
  subscriber.timer.woken(trace);
  dirty.post();
}
