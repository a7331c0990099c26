import { type Json, type JsonObject, type NamedUuid, type Uuid, uuid } from './notation.ts';
import { type Columns, encodeColumn, encodeRow, type RowValues, type Table } from './table.ts';

/** One operation of a transaction, as it travels (RFC 7047 §5.2). */
export type Operation = JsonObject;
export type Condition = readonly [column: string, test: string, value: Json];
export type Mutation = readonly [column: string, mutator: string, value: Json];

type Value<C extends Columns, K extends keyof C> = Parameters<C[K]['encode']>[0];

/** The only condition that is not a scan: ovsdb-server finds rows by uuid in a hash. */
export function isRow(row: Uuid | NamedUuid): Condition {
  return ['_uuid', '==', uuid.encode(row)];
}

export function where<C extends Columns, K extends keyof C & string>(
  table: Table<C>,
  column: K,
  test: '==' | '!=' | '<' | '<=' | '>' | '>=' | 'includes' | 'excludes',
  value: Value<C, K>,
): Condition {
  return [column, test, encodeColumn(table, column, value)];
}

export function insert<C extends Columns>(
  table: Table<C>,
  values: RowValues<C>,
  as?: NamedUuid,
): Operation {
  const row = encodeRow(table, values);
  return { op: 'insert', table: table.name, row, ...(as && { 'uuid-name': as.name }) };
}

export function select<C extends Columns>(
  table: Table<C>,
  conditions: readonly Condition[],
  columns: readonly (keyof C & string)[],
): Operation {
  return { op: 'select', table: table.name, where: conditions, columns: ['_uuid', ...columns] };
}

export function update<C extends Columns>(
  table: Table<C>,
  conditions: readonly Condition[],
  values: RowValues<C>,
): Operation {
  return { op: 'update', table: table.name, where: conditions, row: encodeRow(table, values) };
}

export function mutate(
  table: Table,
  conditions: readonly Condition[],
  mutations: readonly Mutation[],
): Operation {
  return { op: 'mutate', table: table.name, where: conditions, mutations };
}

/** For `mutate`: elements to have in a set, or pairs in a map (a key that is there keeps its value, §5.1). */
export function including<C extends Columns, K extends keyof C & string>(
  table: Table<C>,
  column: K,
  value: Value<C, K>,
): Mutation {
  return [column, 'insert', encodeColumn(table, column, value)];
}

/** For `mutate`: elements to have no longer in a set, or pairs in a map. */
export function excluding<C extends Columns, K extends keyof C & string>(
  table: Table<C>,
  column: K,
  value: Value<C, K>,
): Mutation {
  return [column, 'delete', encodeColumn(table, column, value)];
}

/** For `mutate`: keys to have no longer in a map of strings, whatever their values. */
export function excludingKeys<C extends Columns>(
  _table: Table<C>,
  column: keyof C & string,
  keys: readonly string[],
): Mutation {
  return [column, 'delete', ['set', keys]];
}

/** For `mutate`: a number to be raised. */
export function adding<C extends Columns>(
  _table: Table<C>,
  column: keyof C & string,
  amount: number,
): Mutation {
  return [column, '+=', amount];
}

export function remove(table: Table, conditions: readonly Condition[]): Operation {
  return { op: 'delete', table: table.name, where: conditions };
}

/**
 * A guard: the transaction aborts unless the rows that match hold exactly these values (`==`), or do
 * not (`!=`). RFC 7047 §5.2.6: with timeout 0 it fails at once, as "timed out".
 */
export function guard<C extends Columns>(
  table: Table<C>,
  conditions: readonly Condition[],
  values: RowValues<C>,
  until: '==' | '!=' = '==',
): Operation {
  const row = encodeRow(table, values);
  const columns = Object.keys(row);
  return {
    op: 'wait',
    timeout: 0,
    table: table.name,
    where: conditions,
    columns,
    until,
    rows: [row],
  };
}

/** A guard: some row matches the conditions. */
export function guardExists(table: Table, row: Uuid, conditions: readonly Condition[]): Operation {
  return {
    op: 'wait',
    timeout: 0,
    table: table.name,
    where: [isRow(row), ...conditions],
    columns: ['_uuid'],
    until: '==',
    rows: [{ _uuid: uuid.encode(row) }],
  };
}

/** Goes into the server's log and, for Open vSwitch, into `ovsdb-tool show-log`. */
export function comment(text: string): Operation {
  return { op: 'comment', comment: text };
}

/** Aborts the transaction unless this client holds the lock (RFC 7047 §5.2.10). */
export function assertLock(lock: string): Operation {
  return { op: 'assert', lock };
}
