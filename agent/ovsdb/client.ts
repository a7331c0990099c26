import { aborted, type Part } from '../../lib/lifecycle.ts';
import type { Logger } from '../../lib/log.ts';
import { Outage } from '../../lib/outage.ts';
import { type Backoff, fullJitterMs, sleep } from '../../lib/retry.ts';
import { socketFault } from '../../lib/socketFault.ts';
import { OvsdbError, OvsdbUnavailableError } from './errors.ts';
import {
  type MonitorMethod,
  type MonitorRequests,
  monitorMethods,
  monitorParams,
  notificationOf,
  requestsFor,
  requestsForAll,
} from './monitor.ts';
import { assertLock, type Operation } from './operations.ts';
import { openSocket, parseRemote, type Remote, type TlsFiles } from './remote.ts';
import { Replica, type Tables } from './replica.ts';
import { type OperationResult, resultsOf } from './results.ts';
import { type Keepalive, Session } from './session.ts';
import { asObject } from './table.ts';

export interface OvsdbClientOptions<T extends Tables> {
  /** `unix:FILE`, `tcp:HOST[:PORT]` or `ssl:HOST[:PORT]`. */
  readonly remote: string;
  readonly database: string;
  /** What to follow, by the names that `replica.contents` is to have. */
  readonly tables: T;
  readonly tls?: TlsFiles;
  readonly keepalive?: Keepalive;
  readonly backoff?: Backoff;
  /** A lock of the server's (RFC 7047 §4.1.8) that is asked for on each connection, and without which no transaction is run. */
  readonly lock?: string | undefined;
  /** The lock came or went. */
  readonly onLock?: (holds: boolean) => void;
  readonly log: Logger;
}

const CONNECT_WITHIN_MS = 5_000;
/** Short: mostly it is a socket on this host, and limits are to be back within two seconds of the switch. */
const defaultBackoff: Backoff = { baseMs: 50, capMs: 500 };
/** ovsdb-server answers in milliseconds, and within seconds where one transaction changes 10,000 rows. */
const defaultKeepalive: Keepalive = {
  probeAfterMs: 5_000,
  answerWithinMs: 5_000,
  requestWithinMs: 60_000,
};
const MONITOR_ID = 'sluice';

/** A client of one database: follows its tables, runs transactions, and comes back by itself. */
export class OvsdbClient<T extends Tables> implements Part {
  readonly name = 'ovsdb';
  readonly replica: Replica<T>;

  readonly #remote: Remote;
  readonly #options: OvsdbClientOptions<T>;
  readonly #backoff: Backoff;
  readonly #keepalive: Keepalive;
  readonly #outage = new Outage();
  #fault: string | null = null;
  #holdsLock = false;
  #session: Session | undefined;
  #requests: MonitorRequests = {};

  constructor(options: OvsdbClientOptions<T>) {
    this.#remote = parseRemote(options.remote);
    this.#options = options;
    this.#backoff = options.backoff ?? defaultBackoff;
    this.#keepalive = options.keepalive ?? defaultKeepalive;
    this.replica = new Replica(options.tables);
  }

  /**
   * Keeps a connection until the signal aborts; whatever ends one, the next is tried. One that ends as soon as it
   * began is no reason to come back sooner.
   */
  async run(signal: AbortSignal): Promise<void> {
    for (let attempt = 0; !signal.aborted; attempt++) {
      const startedAtMs = performance.now();
      try {
        await this.#serve(await this.#connect(signal), signal);
      } catch (error) {
        if (signal.aborted) return;
        if (performance.now() - startedAtMs > this.#backoff.capMs) attempt = 0;
        this.#noteFault(socketFault(error), attempt);
        await sleep(fullJitterMs(attempt, this.#backoff), signal);
      }
    }
  }

  /** Why there is no connection, as a sentence; null while there is one, and before the first attempt has failed. */
  get fault(): string | null {
    return this.#fault;
  }

  /** False while another client holds the lock, or there is no connection; true where no lock was asked for. */
  get holdsLock(): boolean {
    return this.#options.lock === undefined || this.#holdsLock;
  }

  /**
   * All operations or none. Pipelined: several may be under way, and ovsdb-server runs them in the
   * order of the calls. Rejects with the error of the first operation that failed.
   */
  async transact(operations: readonly Operation[]): Promise<readonly OperationResult[]> {
    const session = this.#session;
    if (!session) throw new OvsdbUnavailableError('There is no connection to OVSDB now.');
    const { database, lock } = this.#options;
    const guards = lock === undefined ? [] : [assertLock(lock)];
    const params = [database, ...guards, ...operations];
    return session.request('transact', params, (answer) =>
      resultsOf(answer, guards.length, operations.length),
    );
  }

  /** Whether the server's schema has the column: an older Open vSwitch may not. */
  offers(table: string, column: string): boolean {
    return this.#requests[table]?.some(({ columns }) => columns.includes(column)) ?? false;
  }

  async #connect(signal: AbortSignal): Promise<Session> {
    const socket = await openSocket(this.#remote, this.#options.tls, CONNECT_WITHIN_MS, signal);
    const session = new Session(socket, this.#keepalive, (notification, params, bytes) => {
      const method = monitorMethods.find((each) => notificationOf[each] === notification);
      if (method) this.replica.change(method, params, bytes);
      else if (notification === 'locked') this.#noteLock(true);
      else if (notification === 'stolen') this.#noteLock(false);
    });
    try {
      // The lock's answer comes first all the same: before anything is known (RFC 7047 §4: in the order of the requests).
      await Promise.all([this.#lock(session), this.#monitor(session)]);
      return session;
    } catch (error) {
      session.close('its tables could not be followed');
      this.#noteLock(false);
      throw error;
    }
  }

  /** Nobody takes this client for the holder, or for no holder, by mistake. */
  async #lock(session: Session): Promise<void> {
    const { lock } = this.#options;
    if (lock === undefined) return;
    await session.request('lock', [lock], (answer) => {
      const { locked } = asObject(answer);
      this.#noteLock(locked === true);
    });
  }

  #noteLock(holds: boolean): void {
    if (this.#holdsLock === holds) return;
    this.#holdsLock = holds;
    this.#options.onLock?.(holds);
  }

  /**
   * Asks for all that is wanted in the newest way. A server that knows less refuses that: it is asked for its schema,
   * which is long, and then for what it has, in the newest way that it offers.
   */
  async #monitor(session: Session): Promise<void> {
    const everything = requestsForAll(this.replica.tables);
    const refusal = await this.#follow(session, monitorMethods[0], everything);
    if (refusal === null) return;
    const { database } = this.#options;
    const requests = await session.request('get_schema', [database], (schema) =>
      requestsFor(this.replica.tables, schema),
    );
    for (const method of monitorMethods) {
      if ((await this.#follow(session, method, requests)) === null) return;
    }
    throw refusal;
  }

  /** Null: followed; else why the server refuses that. */
  async #follow(
    session: Session,
    method: MonitorMethod,
    requests: MonitorRequests,
  ): Promise<OvsdbError | null> {
    const { database } = this.#options;
    const { lastTransaction } = this.replica;
    const params = monitorParams(method, database, MONITOR_ID, requests, lastTransaction);
    try {
      await session.request(method, params, (answer, bytes) => {
        this.#requests = requests;
        this.replica.start(method, answer, bytes);
      });
      return null;
    } catch (error) {
      if (error instanceof OvsdbError) return error;
      throw error;
    }
  }

  async #serve(session: Session, signal: AbortSignal): Promise<void> {
    this.#session = session;
    this.#fault = null;
    this.#noteConnected();
    const stop = aborted(signal).then(() => session.close('this program is stopping'));
    const reason = await session.closed;
    this.#session = undefined;
    this.#noteLock(false);
    this.replica.suspend();
    if (signal.aborted) await stop;
    else throw reason;
  }

  #noteConnected(): void {
    const { remote, log } = this.#options;
    const awayMs = this.#outage.over();
    log.info(
      { remote, ...(awayMs !== null && { awaySeconds: Math.round(awayMs / 1000) }) },
      'Connected to OVSDB.',
    );
  }

  #noteFault(fault: string, attempt: number): void {
    this.#fault = fault;
    const { remote, log } = this.#options;
    const level = this.#outage.met() ? 'warn' : 'debug';
    log[level]({ remote, attempt }, `No OVSDB: ${fault}`);
  }
}
