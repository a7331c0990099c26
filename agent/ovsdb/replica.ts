import {
  applyUpdate1,
  applyUpdate2,
  type MonitorMethod,
  type Rows,
  ZERO_TRANSACTION,
} from './monitor.ts';
import type { Uuid } from './notation.ts';
import { asObject, type Row, type Table } from './table.ts';

/** The tables that a program follows, by the name it gives them. */
export type Tables = Readonly<Record<string, Table>>;

/** The rows of every table that is followed. */
export type Contents<T extends Tables> = {
  readonly [K in keyof T]: ReadonlyMap<Uuid, Row<T[K]['columns']>>;
};

/**
 * A live copy of the wanted columns of some tables. `contents` is null until it is complete, and
 * again while the server is away: what is not known in full must not be taken for what is there.
 */
export class Replica<T extends Tables> {
  readonly tables: readonly Table[];

  readonly #rows = new Map<string, Rows>();
  readonly #contents: Contents<T>;
  #complete = false;
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

  /** The answer to the monitor request: everything, or what is missing since `lastTransaction`. */
  start(method: MonitorMethod, answer: unknown): void {
    if (method === 'monitor_cond_since') {
      const [found, transaction, updates] = answer as [unknown, unknown, unknown];
      if (found !== true) this.#clear();
      this.#unsettle();
      this.#apply(method, updates);
      this.#lastTransaction = String(transaction);
    } else {
      this.#clear();
      this.#apply(method, answer);
    }
    this.#complete = true;
    this.#schedule(this.#rows.keys());
  }

  /** A notification's params: the monitor's id, then what that kind carries. */
  change(method: MonitorMethod, params: readonly unknown[]): void {
    const [transaction, updates] =
      method === 'monitor_cond_since' ? [params[1], params[2]] : [ZERO_TRANSACTION, params[1]];
    this.#unsettle();
    this.#apply(method, updates);
    this.#lastTransaction = String(transaction);
    this.#schedule(Object.keys(asObject(updates)));
  }

  /** Should what follows throw half-way, the rows are of no use: nothing is to be resumed from them. */
  #unsettle(): void {
    this.#lastTransaction = ZERO_TRANSACTION;
  }

  #apply(method: MonitorMethod, updates: unknown): void {
    const applyRow = method === 'monitor' ? applyUpdate1 : applyUpdate2;
    const byTable = asObject(updates);
    for (const table of this.tables) {
      if (!(table.name in byTable)) continue;
      const rows = this.#rowsOf(table);
      for (const [uuid, update] of Object.entries(asObject(byTable[table.name]))) {
        applyRow(table, rows, uuid as Uuid, update);
      }
    }
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
