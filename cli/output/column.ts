import type { styleText } from 'node:util';
import { UserError } from '../../lib/errors.ts';
import { nearest } from '../../lib/nearest.ts';
import { exitCodes } from '../exitCodes.ts';

export type Style = Parameters<typeof styleText>[0];

/** One thing that a row says. */
export interface Column<Row> {
  /** Its name in machine formats and after `-c`; never changes. */
  readonly key: string;
  /** What machine formats have: anything that JSON has. */
  readonly value: (row: Row) => unknown;
  /** How a table says it, if not as text. */
  readonly cell?: (row: Row) => string;
  readonly style?: (row: Row) => Style | undefined;
  /** A table has at least so many cells for it: what comes later may be wider than what is there. */
  readonly least?: number;
  /** A table that is too wide may shorten it to so many cells. */
  readonly shrinksTo?: number;
  /** A table that is too wide even then leaves it out, unless it is named. */
  readonly droppable?: true;
  /** Words for people, made of other columns: no machine format has it unless it is named. */
  readonly human?: true;
  /** Has objects: of the machine formats only those that can nest have it unless it is named. */
  readonly nested?: true;
}

/** How rows of one kind are shown. */
export interface View<Row> {
  readonly columns: readonly Column<Row>[];
  /** What a table shows if no column is named. */
  readonly table: readonly string[];
}

export const formats = ['table', 'json', 'yaml', 'csv', 'value'] as const;
export type Format = (typeof formats)[number];

/** What `-c` and `-f` ask for. */
export interface OutputOptions {
  readonly column?: readonly string[];
  readonly format: Format;
}

/** The columns to show, in the order asked for. Throws a usage error with the names there are. */
export function chooseColumns<Row>(view: View<Row>, options: OutputOptions): Column<Row>[] {
  if (options.column) {
    return options.column.map((name) => {
      const { droppable: _, ...column } = findColumn(view, name);
      return column;
    });
  }
  if (options.format === 'table') return view.table.map((key) => findColumn(view, key));
  const isFlat = options.format === 'csv' || options.format === 'value';
  return view.columns.filter(({ human, nested }) => !human && !(isFlat && nested));
}

/** Call before anything is changed: a misspelt column must not leave a change behind that was never shown. */
export function checkColumns<Row>(view: View<Row>, options: OutputOptions): void {
  chooseColumns(view, options);
}

function findColumn<Row>({ columns }: View<Row>, name: string): Column<Row> {
  const found = columns.find(({ key }) => plain(key) === plain(name));
  if (found) return found;
  const keys = columns.map(({ key }) => key);
  const meant = nearest(name, keys);
  const hint = meant ? `did you mean ${meant}?` : `there are ${keys.join(', ')}.`;
  throw new UserError(`There is no column ${name}: ${hint}`, exitCodes.usage);
}

/** `maxKbps`, `max_kbps`, `max-kbps` and `"Max Kbps"` are one name. */
function plain(name: string): string {
  return name.replace(/[-_ ]/g, '').toLowerCase();
}

/** What a table shows of a value. */
export function cellOf<Row>(column: Column<Row>, row: Row): string {
  return column.cell ? column.cell(row) : textOf(column.value(row));
}

/** A value as one piece of text; nothing is `-`. */
function textOf(value: unknown): string {
  if (value === null || value === undefined || value === '') return '-';
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) {
    return value.length === 0 ? '-' : value.join(' ');
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
