import {
  applyUpdate1,
  applyUpdate2,
  type MonitorMethod,
  type Rows,
  ZERO_TRANSACTION,
} from './monitor.ts';
import { textOf, type Uuid } from './notation.ts';
import { asArray, asObject, type Row, type Table } from './table.ts';
import { weightOf } from './weight.ts';

/** The tables that a program follows, by the name it gives them. */
export type Tables = Readonly<Record<string, Table>>;

/** The rows of every table that is followed. */
export type Contents<T extends Tables> = {
  readonly [K in keyof T]: ReadonlyMap<Uuid, Row<T[K]['columns']>>;
};

/** The rows are more than this program is ready to hold. */
export class OversizedError extends Error {
  override readonly name = 'OversizedError';
}

/**
 * What rows may hold, in bytes of memory: about 35,000 ports with their QoS. They are weighed when messages came
 * that could have brought as much again, so that no more than twice this is ever held.
 */
const MOST_HELD_BYTES = 256 * 1024 * 1024;
/** An empty map is 11 bytes of a message, and some 200 of memory. */
const MOST_BYTES_OF_ONE = 20;

/**
 * A live copy of the wanted columns of some tables. `contents` is null until it is complete, and
 * again while the server is away: what is not known in full must not be taken for what is there.
 */
export class Replica<T extends Tables> {
  readonly tables: readonly Table[];

  readonly #rows = new Map<string, Rows>();
  readonly #contents: Contents<T>;
  #complete = false;
  /** What messages since the rows were weighed may have added to them. */
  #unweighedBytes = 0;
  #lastTransaction = ZERO_TRANSACTION;
  readonly #listeners = new Set<(tables: ReadonlySet<string>) => void>();
  #changed: Set<string> | null = null;

  constructor(tables: T) {
    this.tables = Object.values(tables);
    for (const table of this.tables) this.#rows.set(table.name, new Map());
    const named = Object.entries(tables).map(([name, table]) => [name, this.#rowsOf(table)]);
    this.#contents = Object.fromEntries(named) as Contents<T>;
  }

  /**
   * Called after changes, once for all that arrived together, with the names of the tables that they
   * touched, until the returned function is called.
   */
  onChange(listener: (tables: ReadonlySet<string>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The maps are live: read them before the next await. */
  get contents(): Contents<T> | null {
    return this.#complete ? this.#contents : null;
  }

  /** Where `monitor_cond_since` is to resume. */
  get lastTransaction(): string {
    return this.#lastTransaction;
  }

  /** The link is gone: the rows stay, to be resumed from, but count as unknown. */
  suspend(): void {
    if (!this.#complete) return;
    this.#complete = false;
    this.#schedule(this.#rows.keys());
  }

  /**
   * The answer to the monitor request: everything, or what is missing since `lastTransaction`. `bytes`: of the
   * message, here and below. Both throw a NotationError for what no server sends, or an OversizedError.
   */
  start(method: MonitorMethod, answer: unknown, bytes: number): void {
    this.#complete = false;
    if (method === 'monitor_cond_since') {
      const [found, transaction, updates] = asArray(answer);
      if (found !== true) this.#clear();
      this.#unsettle();
      this.#apply(method, updates, bytes);
      this.#lastTransaction = textOf(transaction);
    } else {
      this.#clear();
      this.#apply(method, answer, bytes);
    }
    this.#complete = true;
    this.#schedule(this.#rows.keys());
  }

  /** A notification's params: the monitor's id, then what that kind carries. */
  change(method: MonitorMethod, params: unknown, bytes: number): void {
    this.#unsettle();
    try {
      const [, first, second] = asArray(params);
      const [transaction, updates] =
        method === 'monitor_cond_since' ? [first, second] : [ZERO_TRANSACTION, first];
      this.#apply(method, updates, bytes);
      this.#lastTransaction = textOf(transaction);
      this.#schedule(Object.keys(asObject(updates)));
    } catch (error) {
      // Whoever looks before the connection has ended must not take half of the rows for all of them.
      this.suspend();
      throw error;
    }
  }

  /** Should what follows throw half-way, the rows are of no use: nothing is to be resumed from them. */
  #unsettle(): void {
    this.#lastTransaction = ZERO_TRANSACTION;
  }

  #apply(method: MonitorMethod, updates: unknown, bytes: number): void {
    const applyRow = method === 'monitor' ? applyUpdate1 : applyUpdate2;
    const byTable = asObject(updates);
    for (const table of this.tables) {
      if (!Object.hasOwn(byTable, table.name)) continue;
      const rows = this.#rowsOf(table);
      for (const [uuid, update] of Object.entries(asObject(byTable[table.name]))) {
        applyRow(table, rows, uuid as Uuid, update);
      }
    }
    this.#weigh(bytes);
  }

  #weigh(bytes: number): void {
    this.#unweighedBytes += bytes * MOST_BYTES_OF_ONE;
    if (this.#unweighedBytes <= MOST_HELD_BYTES) return;
    this.#unweighedBytes = 0;
    if (weightOf(this.#rows.values()) <= MOST_HELD_BYTES) return;
    this.#clear();
    throw new OversizedError(`OVSDB's rows take more than ${MOST_HELD_BYTES} bytes of memory.`);
  }

  #rowsOf(table: Table): Rows {
    const rows = this.#rows.get(table.name);
    if (!rows) throw new Error(`Table ${table.name} is not followed.`);
    return rows;
  }

  #clear(): void {
    for (const rows of this.#rows.values()) rows.clear();
    this.#lastTransaction = ZERO_TRANSACTION;
  }

  #schedule(tables: Iterable<string>): void {
    const first = this.#changed === null;
    this.#changed = new Set([...(this.#changed ?? []), ...tables]);
    if (first) queueMicrotask(() => this.#announce());
  }

  #announce(): void {
    const tables = this.#changed ?? new Set();
    this.#changed = null;
    for (const listener of this.#listeners) listener(tables);
  }
}
