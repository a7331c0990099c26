import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { messageOf } from '../../lib/errors.ts';
import type { Logger } from '../../lib/log.ts';
import { Mailbox } from '../../lib/mailbox.ts';
import { fullJitterMs, sleep } from '../../lib/retry.ts';
import type { Doorbell } from './doorbell.ts';
import type { Notice } from './notice.ts';
import { decodeRing, PendingRing } from './ring.ts';
import type { Switchboard } from './switchboard.ts';

const channel = 'sluice_doorbell';
const backoff = { baseMs: 100, capMs: 3_000 };
const keepAliveMs = 5_000;

/**
 * LISTEN/NOTIFY on a connection of its own, which heals itself. What is rung while a NOTIFY is under
 * way, or while the connection is away, is merged into the next one.
 */
export class PostgresDoorbell implements Doorbell {
  readonly name = 'doorbell';
  readonly #url: string;
  readonly #switchboard: Switchboard;
  readonly #log: Logger;
  readonly #self = randomUUID();
  readonly #pending = new PendingRing(this.#self);
  readonly #work = new Mailbox();
  #connected = false;

  constructor(url: string, switchboard: Switchboard, log: Logger) {
    this.#url = url;
    this.#switchboard = switchboard;
    this.#log = log;
  }

  get connected(): boolean {
    return this.#connected;
  }

  ring(notice: Notice): void {
    this.#switchboard.deliver(notice);
    this.#pending.add(notice);
    this.#work.post();
  }

  async run(signal: AbortSignal): Promise<void> {
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      try {
        await this.#listen(signal, () => {
          attempt = 0;
        });
      } catch (error) {
        this.#log.warn({ reason: messageOf(error) }, 'doorbell lost its connection; trying again');
      }
      this.#connected = false;
      await sleep(fullJitterMs(attempt, backoff), signal);
    }
  }

  async #listen(signal: AbortSignal, onConnected: () => void): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#url,
      application_name: 'sluice doorbell',
      connectionTimeoutMillis: keepAliveMs,
      query_timeout: keepAliveMs,
      keepAlive: true,
    });
    const lost = new AbortController();
    client.on('error', (error) => lost.abort(error));
    client.on('end', () => lost.abort(new Error('The database closed the connection.')));
    client.on('notification', ({ payload }) => this.#heard(payload ?? ''));
    try {
      await client.connect();
      await client.query(`listen ${channel}`);
      this.#connected = true;
      onConnected();
      // Rings were lost while nobody listened.
      this.#switchboard.deliverUnknown();
      await this.#send(client, AbortSignal.any([signal, lost.signal]));
      if (lost.signal.aborted) throw lost.signal.reason;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  async #send(client: pg.Client, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#notify(client, this.#pending.take());
      await this.#work.take(AbortSignal.any([signal, AbortSignal.timeout(keepAliveMs)]));
    }
  }

  /** With nothing to say, the same statement tells whether the connection still lives. */
  async #notify(client: pg.Client, payloads: readonly string[]): Promise<void> {
    try {
      const statement = 'select pg_notify($1, payload) from unnest($2::text[]) as p (payload)';
      await client.query(statement, [channel, payloads]);
    } catch (error) {
      if (payloads.length > 0) this.#pending.addUnknown();
      throw error;
    }
  }

  #heard(payload: string): void {
    const ring = decodeRing(payload);
    if (ring?.from === this.#self) return;
    if (ring?.notice) this.#switchboard.deliver(ring.notice);
    else this.#switchboard.deliverUnknown();
  }
}
