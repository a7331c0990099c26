import { type Column, type Json, type JsonObject, NotationError, type Uuid } from './notation.ts';

/** The columns that a program wants of a table, each with the type that its schema gives it. */
export type Columns = Readonly<Record<string, Column<unknown, never>>>;

/** A table of the database, as far as this program knows it. */
export interface Table<C extends Columns = Columns> {
  readonly name: string;
  readonly columns: C;
}

/** A row as read: immutable, a change makes a new one. */
export type Row<C extends Columns> = { readonly _uuid: Uuid } & {
  readonly [K in keyof C]: ReturnType<C[K]['decode']>;
};

/** Any of a row's columns, to be written. */
export type RowValues<C extends Columns> = {
  readonly [K in keyof C]?: Parameters<C[K]['encode']>[0];
};

export function defineTable<C extends Columns>(name: string, columns: C): Table<C> {
  return { name, columns };
}

/** A whole row; a column that has its default value may be left out (ovsdb-server(7) §4.1.14). */
export function decodeRow<C extends Columns>(table: Table<C>, uuid: Uuid, json: unknown): Row<C> {
  const wire = asObject(json);
  const row: Record<string, unknown> = { _uuid: uuid };
  for (const [name, column] of Object.entries(table.columns)) {
    row[name] = Object.hasOwn(wire, name) ? column.decode(wire[name]) : column.initial;
  }
  return row as Row<C>;
}

/** The row after an `update2` difference. */
export function patchRow<C extends Columns>(table: Table<C>, old: Row<C>, json: unknown): Row<C> {
  const row: Record<string, unknown> = { ...old };
  for (const [name, difference] of Object.entries(asObject(json))) {
    // Every object has a `constructor` and a `__proto__`, which are no columns.
    const column = Object.hasOwn(table.columns, name) ? table.columns[name] : undefined;
    if (column) row[name] = column.patch(row[name], difference);
  }
  return row as Row<C>;
}

export function encodeRow<C extends Columns>(table: Table<C>, values: RowValues<C>): JsonObject {
  const wire: Record<string, Json> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) wire[name] = encodeColumn(table, name, value as never);
  }
  return wire;
}

export function encodeColumn<C extends Columns, K extends keyof C & string>(
  table: Table<C>,
  name: K,
  value: Parameters<C[K]['encode']>[0],
): Json {
  const column: Column<unknown, never> | undefined = table.columns[name];
  if (!column) throw new Error(`Table ${table.name} has no column ${name} here.`);
  return column.encode(value as never);
}

export function asObject(json: unknown): Readonly<Record<string, unknown>> {
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) {
    return json as Record<string, unknown>;
  }
  throw new NotationError('an object', json);
}

export function asArray(json: unknown): readonly unknown[] {
  if (Array.isArray(json)) return json;
  throw new NotationError('an array', json);
}
