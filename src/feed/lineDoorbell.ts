import { randomUUID } from 'node:crypto';
import { messageOf } from '../../lib/errors.ts';
import type { Logger } from '../../lib/log.ts';
import { Mailbox } from '../../lib/mailbox.ts';
import { fullJitterMs, sleep } from '../../lib/retry.ts';
import { currentTrace } from '../../lib/tracing.ts';
import type { Doorbell } from './doorbell.ts';
import { type Dial, keepAliveMs, type Line } from './line.ts';
import type { Notice } from './notice.ts';
import { decodeRing, PendingRing } from './ring.ts';
import type { Switchboard } from './switchboard.ts';

// Each message costs the database a transaction: under load, what is rung so close together is one.
const gatherMs = 5;
const backoff = { baseMs: 100, capMs: 3_000 };

/**
 * Rings over a line of its own, which it dials again whenever it is lost. What is rung while a message is
 * under way, or while the line is away, is merged into the next one.
 */
export class LineDoorbell implements Doorbell {
  readonly name = 'doorbell';
  readonly #dial: Dial;
  readonly #switchboard: Switchboard;
  readonly #log: Logger;
  readonly #self = randomUUID();
  readonly #pending = new PendingRing(this.#self);
  readonly #work = new Mailbox();
  #connected = false;
  #livedAtMs = performance.now();

  constructor(dial: Dial, switchboard: Switchboard, log: Logger) {
    this.#dial = dial;
    this.#switchboard = switchboard;
    this.#log = log;
  }

  get connected(): boolean {
    return this.#connected;
  }

  get silentMs(): number {
    return performance.now() - this.#livedAtMs;
  }

  ring(what: Notice): void {
    const notice = { ...what, trace: currentTrace() };
    this.#switchboard.deliver(notice);
    this.#pending.add(notice);
    this.#work.post();
  }

  async run(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      try {
        const line = await this.#dial((payload) => this.#heard(payload));
        failures = 0;
        await this.#serve(line, signal);
      } catch (error) {
        this.#log.warn({ reason: messageOf(error) }, 'doorbell lost its connection; trying again');
      }
      await sleep(fullJitterMs(failures, backoff), signal);
      failures += 1;
    }
  }

  /** Rejects when the line is lost. */
  async #serve(line: Line, signal: AbortSignal): Promise<void> {
    this.#connected = true;
    // Rings were lost while nobody listened.
    this.#switchboard.deliverUnknown();
    try {
      await this.#send(line, AbortSignal.any([signal, line.lost]));
      if (!signal.aborted) line.lost.throwIfAborted();
    } finally {
      this.#connected = false;
      await line.close();
    }
  }

  async #send(line: Line, signal: AbortSignal): Promise<void> {
    for (let last = false; !last; ) {
      // What was rung until the end is still sent.
      last = signal.aborted;
      if (await this.#sendPending(line)) await sleep(gatherMs, signal);
      await this.#work.take(AbortSignal.any([signal, AbortSignal.timeout(keepAliveMs)]));
    }
  }

  /** True where there was something to send; without, the same tells whether the line still lives. */
  async #sendPending(line: Line): Promise<boolean> {
    const payloads = this.#pending.take();
    try {
      await line.send(payloads);
      this.#livedAtMs = performance.now();
      return payloads.length > 0;
    } catch (error) {
      if (payloads.length > 0) this.#pending.addUnknown();
      throw error;
    }
  }

  #heard(payload: string): void {
    this.#livedAtMs = performance.now();
    if (payload.includes(this.#self)) return;
    const ring = decodeRing(payload);
    if (ring?.notice) this.#switchboard.deliver(ring.notice);
    else this.#switchboard.deliverUnknown();
  }
}
