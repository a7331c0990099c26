import { type Json, NotationError, type Uuid } from './notation.ts';
import { asObject, type Columns, decodeRow, patchRow, type Row, type Table } from './table.ts';

/**
 * How ovsdb-server tells of changes, newest first: `monitor_cond_since` resumes where it left off,
 * `monitor_cond` sends differences (both: ovsdb-server(7) §4.1.12, §4.1.15), `monitor` is RFC 7047's own.
 */
export const monitorMethods = ['monitor_cond_since', 'monitor_cond', 'monitor'] as const;
export type MonitorMethod = (typeof monitorMethods)[number];

/** The notification that goes with each. */
export const notificationOf: Readonly<Record<MonitorMethod, string>> = {
  monitor_cond_since: 'update3',
  monitor_cond: 'update2',
  monitor: 'update',
};

export const ZERO_TRANSACTION = '00000000-0000-0000-0000-000000000000';

/** Rows by uuid. */
export type Rows = Map<Uuid, Row<Columns>>;

/** What to ask of each table. */
export type MonitorRequests = Readonly<
  Record<string, readonly { readonly columns: readonly string[] }[]>
>;

/**
 * The wanted columns as far as this server's schema has them: a newer Open vSwitch added some, and
 * naming one that is missing would refuse the whole request. Missing ones keep their default.
 */
export function requestsFor(tables: readonly Table[], schema: unknown): MonitorRequests {
  const offered = asObject(asObject(schema).tables);
  return Object.fromEntries(
    tables.flatMap(({ name, columns }) => {
      if (!Object.hasOwn(offered, name)) return [];
      const there = asObject(asObject(offered[name]).columns);
      return [
        [
          name,
          [{ columns: Object.keys(columns).filter((column) => Object.hasOwn(there, column)) }],
        ],
      ];
    }),
  );
}

/** Every wanted column, whatever the server has. */
export function requestsForAll(tables: readonly Table[]): MonitorRequests {
  return Object.fromEntries(
    tables.map(({ name, columns }) => [name, [{ columns: Object.keys(columns) }]]),
  );
}

/** The parameters that ask for all rows, and then for every change to them. */
export function monitorParams(
  method: MonitorMethod,
  database: string,
  monitorId: string,
  requests: MonitorRequests,
  since: string,
): Json {
  const params = [database, monitorId, requests];
  return method === 'monitor_cond_since' ? [...params, since] : params;
}

/** RFC 7047 §4.1.6 `<row-update>`: `new` is the whole row, of the wanted columns; without it the row is gone. */
export function applyUpdate1(table: Table, rows: Rows, uuid: Uuid, json: unknown): void {
  const update = asObject(json);
  if (update.new === undefined) rows.delete(uuid);
  else rows.set(uuid, decodeRow(table, uuid, update.new));
}

/** ovsdb-server(7) §4.1.14 `<row-update2>`: initial and insert are whole rows, modify is a difference. */
export function applyUpdate2(table: Table, rows: Rows, uuid: Uuid, json: unknown): void {
  const update = asObject(json);
  const old = rows.get(uuid);
  if (Object.hasOwn(update, 'delete')) rows.delete(uuid);
  else if (Object.hasOwn(update, 'modify')) {
    if (!old) throw new NotationError(`a change of a row of ${table.name} that it has sent`, uuid);
    rows.set(uuid, patchRow(table, old, update.modify));
  } else rows.set(uuid, decodeRow(table, uuid, update.insert ?? update.initial));
}
