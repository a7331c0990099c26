import { messageOf } from '../lib/errors.ts';
import type { Part } from '../lib/lifecycle.ts';
import type { Logger } from '../lib/log.ts';
import { Mailbox } from '../lib/mailbox.ts';
import { type Backoff, fullJitterMs, sleep } from '../lib/retry.ts';
import type { DesiredState } from './desired.ts';

/**
 * A state is enforced once it is on the disk: an agent that is killed goes on from there, and would
 * otherwise take a newer limit back. A slow or full disk holds enforcing back for so long at most.
 */
const patienceMs = 100;
const backoff: Backoff = { baseMs: 1_000, capMs: 60_000 };

export interface LastGoodSaverOptions {
  readonly save: (desired: DesiredState) => Promise<void>;
  /** What is on the disk already. */
  readonly initial: DesiredState | null;
  /** Called when `enforceable` moved on. */
  readonly onEnforceable: () => void;
  readonly log: Logger;
}

/** A state, and which in the order of their coming it was. */
interface Kept {
  readonly desired: DesiredState;
  readonly order: number;
}

/** Keeps the newest state on the disk, one write at a time, and says which state may be enforced. */
export class LastGoodSaver implements Part {
  readonly name = 'last-known-good';
  readonly #options: LastGoodSaverOptions;
  readonly #mailbox = new Mailbox();
  #pending: Kept | null = null;
  #newest: Kept | null = null;
  #enforceable: Kept | null;
  #patience: NodeJS.Timeout | undefined;
  #failures = 0;

  constructor(options: LastGoodSaverOptions) {
    this.#options = options;
    this.#enforceable = options.initial && { desired: options.initial, order: 0 };
  }

  /** The newest state that is on the disk, or that the disk had its time for; null before the first. */
  get enforceable(): DesiredState | null {
    return this.#enforceable?.desired ?? null;
  }

  /** Has the state written; one that still waits for that is replaced. */
  keep(desired: DesiredState): void {
    const kept = { desired, order: (this.#newest?.order ?? 0) + 1 };
    this.#pending = kept;
    this.#newest = kept;
    // Where nothing is known on the disk, there is nothing older that a killed agent could go back to.
    if (this.#enforceable === null) this.#release(kept);
    else this.#patience ??= setTimeout(() => this.#release(this.#newest), patienceMs);
    this.#mailbox.post();
  }

  async run(signal: AbortSignal): Promise<void> {
    while (await this.#mailbox.take(signal)) {
      if (await this.#write()) continue;
      await sleep(fullJitterMs(this.#failures, backoff), signal);
      this.#mailbox.post();
    }
    clearTimeout(this.#patience);
    await this.#write();
  }

  /** Only ever forwards: a write that ends after its time was up takes nothing back. */
  #release(kept: Kept | null): void {
    if (kept === this.#newest) {
      clearTimeout(this.#patience);
      this.#patience = undefined;
    }
    if (!kept || kept.order <= (this.#enforceable?.order ?? 0)) return;
    this.#enforceable = kept;
    this.#options.onEnforceable();
  }

  async #write(): Promise<boolean> {
    const kept = this.#pending;
    if (kept === null) return true;
    this.#pending = null;
    try {
      await this.#options.save(kept.desired);
      this.#noteSuccess();
      return true;
    } catch (error) {
      this.#pending ??= kept;
      this.#noteFailure(error);
      return false;
    } finally {
      this.#release(kept);
    }
  }

  #noteSuccess(): void {
    if (this.#failures > 0) this.#options.log.info('The last known state is on disk again.');
    this.#failures = 0;
  }

  /** Said once: what matters is that limits hold meanwhile, and a restart would resume further back. */
  #noteFailure(error: unknown): void {
    const level = this.#failures === 0 ? 'warn' : 'debug';
    this.#failures += 1;
    const fault = messageOf(error);
    this.#options.log[level](
      { fault },
      'The last known state could not be written; limits hold, trying again.',
    );
  }
}
