import { messageOf } from '../lib/errors.ts';
import type { Part } from '../lib/lifecycle.ts';
import type { Logger } from '../lib/log.ts';
import { Mailbox } from '../lib/mailbox.ts';
import { type Backoff, fullJitterMs, sleep } from '../lib/retry.ts';
import type { DesiredState } from './desired.ts';

/**
 * How long a state waits before it is written: enforcing comes first, and a burst of steps is one write.
 * A crash in between resumes at an older position, which is right (invariant 3).
 */
const settleMs = 250;
const backoff: Backoff = { baseMs: 1_000, capMs: 60_000 };

/** Keeps the newest state on the disk. A slow or full disk delays nothing else: one write runs, one state waits. */
export class LastGoodSaver implements Part {
  readonly name = 'last-known-good';
  readonly #save: (desired: DesiredState) => Promise<void>;
  readonly #log: Logger;
  readonly #mailbox = new Mailbox();
  #pending: DesiredState | null = null;
  #failures = 0;

  constructor(save: (desired: DesiredState) => Promise<void>, log: Logger) {
    this.#save = save;
    this.#log = log;
  }

  /** Has the state written soon; a state that still waits is replaced. */
  keep(desired: DesiredState): void {
    this.#pending = desired;
    this.#mailbox.post();
  }

  async run(signal: AbortSignal): Promise<void> {
    while (await this.#mailbox.take(signal)) {
      await sleep(settleMs, signal);
      if (await this.#write()) continue;
      await sleep(fullJitterMs(this.#failures, backoff), signal);
      this.#mailbox.post();
    }
    await this.#write();
  }

  async #write(): Promise<boolean> {
    const desired = this.#pending;
    if (desired === null) return true;
    this.#pending = null;
    try {
      await this.#save(desired);
      this.#noteSuccess();
      return true;
    } catch (error) {
      this.#pending ??= desired;
      this.#noteFailure(error);
      return false;
    }
  }

  #noteSuccess(): void {
    if (this.#failures > 0) this.#log.info('The last known state is on disk again.');
    this.#failures = 0;
  }

  /** Said once: what matters is that limits hold meanwhile, and a restart would resume further back. */
  #noteFailure(error: unknown): void {
    const level = this.#failures === 0 ? 'warn' : 'debug';
    this.#failures += 1;
    const fault = messageOf(error);
    this.#log[level](
      { fault },
      'The last known state could not be written; limits hold, trying again.',
    );
  }
}
