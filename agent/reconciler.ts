import { messageOf } from '../lib/errors.ts';
import type { Part } from '../lib/lifecycle.ts';
import type { Logger } from '../lib/log.ts';
import { Mailbox } from '../lib/mailbox.ts';
import { type Backoff, fullJitterMs, sleep } from '../lib/retry.ts';
import { ChangeTrace } from './changeTrace.ts';
import { type DesiredState, enforceable } from './desired.ts';
import { Drift, type Settled } from './drift.ts';
import type { DirectionResult, Driver, Observation, PlannedChange } from './drivers/driver.ts';

/** Who hears what a round found out. */
export interface RoundListener {
  /** The switch was seen in full. */
  observed(observation: Observation): void;
  /** What somebody had changed on the switch was put right. */
  repaired(changes: readonly PlannedChange[]): void;
  /** The switch is as its `desired` wants it; its `results` say how far each limit got. */
  settled(settled: Settled): void;
  /** A round ended, well or not. */
  ended(seconds: number, failed: boolean): void;
}

export interface ReconcilerOptions {
  readonly driver: Driver;
  /** What must hold; null: not known yet. */
  readonly desired: () => DesiredState | null;
  readonly listener: RoundListener;
  readonly log: Logger;
  /** A full look is due so long after the last round, whatever nobody said. */
  readonly lookMs: number;
  readonly backoff: Backoff;
  /** Follows rounds from program to program; where left out, they are not. */
  readonly trace?: ChangeTrace;
}

export const reconcilerTiming = { lookMs: 30_000, backoff: { baseMs: 100, capMs: 5_000 } };

/**
 * Makes the switch as desired, level-triggered (invariant 7): whatever woke it, a round compares all that is
 * desired with all that is there. One round at a time; what comes meanwhile is one more round after it.
 */
export class Reconciler implements Part {
  readonly name = 'reconciler';
  readonly #options: ReconcilerOptions;
  readonly #trace: ChangeTrace;
  readonly #mailbox = new Mailbox();
  #failures = 0;
  readonly #drift = new Drift();

  constructor(options: ReconcilerOptions) {
    this.#options = options;
    this.#trace = options.trace ?? new ChangeTrace();
  }

  /** Has a look taken soon. */
  wake(): void {
    this.#mailbox.post();
  }

  async run(signal: AbortSignal): Promise<void> {
    this.wake();
    while (await this.#due(signal)) {
      if (await this.#round()) continue;
      await sleep(fullJitterMs(this.#failures, this.#options.backoff), signal);
      this.wake();
    }
  }

  async #due(signal: AbortSignal): Promise<boolean> {
    const timer = setTimeout(() => this.wake(), this.#options.lookMs);
    const due = await this.#mailbox.take(signal);
    clearTimeout(timer);
    return due;
  }

  /** True when nothing failed. */
  async #round(): Promise<boolean> {
    const startedAt = performance.now();
    let failed = false;
    try {
      await this.#trace.round(() => this.#reconcile());
      this.#failures = 0;
    } catch (error) {
      failed = true;
      this.#noteFailure(error);
    }
    this.#options.listener.ended((performance.now() - startedAt) / 1000, failed);
    return !failed;
  }

  async #reconcile(): Promise<void> {
    const { driver, listener, log } = this.#options;
    const observed = await this.#trace.part('observe', () => driver.observe());
    if (observed === null) return;
    listener.observed(observed);
    const desired = this.#options.desired();
    if (desired === null) return;
    const plan = driver.plan(enforceable(desired), observed);
    for (const { portId, sentence } of plan.changes) log.debug({ portId }, sentence);
    if (plan.changes.length > 0) await this.#trace.part('apply', () => driver.apply(plan));
    const results = await this.#trace.part('read back', () => driver.readBack(plan));
    if (!desired.adminStateUp) refuseLeftovers(results);
    const settled = { desired, results };
    this.#noteRepairs(this.#drift.repairs(settled, plan.changes));
    listener.settled(settled);
  }

  #noteRepairs(repairs: readonly PlannedChange[]): void {
    if (repairs.length === 0) return;
    const { listener, log } = this.#options;
    for (const { portId, sentence } of repairs) {
      log.info(
        { portId },
        `The switch was no longer as it was read back, and is again. ${sentence}`,
      );
    }
    listener.repaired(repairs);
  }

  /** The first of a row is said aloud; the reason is the driver's, in a sentence. */
  #noteFailure(error: unknown): void {
    const level = this.#failures === 0 ? 'warn' : 'debug';
    this.#failures += 1;
    const fault = messageOf(error);
    this.#options.log[level]({ fault }, 'The switch could not be made as desired; trying again.');
  }
}

/** Administratively down is confirmed only when nothing of ours is left; a limit that stays is a failure to retry. */
function refuseLeftovers(results: readonly DirectionResult[]): void {
  const left = results.find(({ status }) => status === 'FAILED');
  if (!left) return;
  const where = `${left.direction} of port ${left.portId}`;
  throw new Error(
    `The agent is administratively down, but ${where} is still limited: ${left.message}`,
  );
}
