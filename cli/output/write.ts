import { unreachable } from '../../lib/errors.ts';
import {
  type Column,
  chooseColumns,
  type Format,
  type OutputOptions,
  type View,
} from './column.ts';
import { csvOf, valuesOf } from './csv.ts';
import { propertiesOf } from './properties.ts';
import { tableOf } from './table.ts';
import type { Terminal } from './terminal.ts';

/** Prints rows in the format asked for. */
export async function writeRows<Row>(
  terminal: Terminal,
  view: View<Row>,
  rows: readonly Row[],
  options: OutputOptions,
): Promise<void> {
  const columns = chooseColumns(view, options);
  if (options.format === 'table') {
    if (rows.length === 0 && terminal.out.isTerminal) return terminal.say('There are none.');
    return terminal.print(tableOf(rows, columns, terminal.out));
  }
  terminal.print(await encode(options.format, columns, rows, (objects) => objects));
}

/** Prints one thing: a table has a line for each of its columns, and below it what `details` adds. */
export async function writeOne<Row>(
  terminal: Terminal,
  view: View<Row>,
  row: Row,
  options: OutputOptions,
  details: (row: Row) => string = () => '',
): Promise<void> {
  const columns = chooseColumns(view, options);
  if (options.format === 'table') {
    terminal.print(propertiesOf(row, columns, terminal.out));
    return terminal.print(options.column ? '' : details(row));
  }
  if (options.format === 'value') {
    return terminal.print(valuesOf(columns.map((column) => [column.value(row)])));
  }
  terminal.print(await encode(options.format, columns, [row], ([object]) => object));
}

async function encode<Row>(
  format: Exclude<Format, 'table'>,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  shape: (objects: object[]) => unknown,
): Promise<string> {
  switch (format) {
    case 'json':
      return `${JSON.stringify(shape(rows.map((row) => objectOf(columns, row))), null, 2)}\n`;
    case 'yaml':
      return yamlOf(shape(rows.map((row) => objectOf(columns, row))));
    case 'csv':
      return csvOf([columns.map(({ key }) => key), ...valueLines(columns, rows)]);
    case 'value':
      return valuesOf(valueLines(columns, rows));
    default:
      return unreachable(format);
  }
}

/** Without folding: a folded line is hard to find again. */
export async function yamlOf(value: unknown): Promise<string> {
  const { stringify } = await import('yaml');
  return stringify(value, { lineWidth: 0 });
}

export function objectOf<Row>(columns: readonly Column<Row>[], row: Row): object {
  return Object.fromEntries(columns.map(({ key, value }) => [key, value(row)]));
}

const valueLines = <Row>(columns: readonly Column<Row>[], rows: readonly Row[]): unknown[][] =>
  rows.map((row) => columns.map(({ value }) => value(row)));
