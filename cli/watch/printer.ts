import { type Column, chooseColumns, type OutputOptions, type View } from '../output/column.ts';
import { csvOf, valuesOf } from '../output/csv.ts';
import { headingOf, type Layout, layOut, lineOf } from '../output/table.ts';
import type { Terminal } from '../output/terminal.ts';
import { objectOf, yamlOf } from '../output/write.ts';
import type { Change } from './known.ts';

/** Prints changes one after the other: a table's columns keep the widths of its first rows. */
export interface ChangePrinter<Row> {
  print(changes: readonly Change<Row>[]): Promise<void>;
}

export function createPrinter<Row>(
  terminal: Terminal,
  view: View<Row>,
  leaveOut: readonly string[],
  options: OutputOptions,
): ChangePrinter<Row> {
  const table = view.table.filter((key) => !leaveOut.includes(key));
  const columns = chooseColumns({ ...view, table }, options);
  const print = (text: string) => terminal.print(text);
  switch (options.format) {
    case 'table':
      return tablePrinter(terminal, columns);
    case 'csv':
      print(csvOf([['type', ...columns.map(({ key }) => key)]]));
      return { print: async (changes) => print(csvOf(valuesIn(columns, changes))) };
    case 'value':
      return { print: async (changes) => print(valuesOf(valuesIn(columns, changes))) };
    default:
      return {
        print: async (changes) => {
          for (const change of changes) print(await documentOf(columns, change, options.format));
        },
      };
  }
}

/** Room for what later lines may say. */
const least: Readonly<Record<string, number>> = {
  ...{ id: 36, tenantId: 12, portId: 36, limit: 20, status: 'WAITING_FOR_PORT'.length },
  ...{ host: 16, driver: 6, ovsVersion: 11 },
};

function tablePrinter<Row>(
  terminal: Terminal,
  columns: readonly Column<Row>[],
): ChangePrinter<Row> {
  const inChange: Column<Change<Row>>[] = [
    { key: 'time', value: () => new Date().toTimeString().slice(0, 8) },
    { key: 'change', value: ({ type }) => type, least: 'STATUS_CHANGED'.length },
    ...columns.map(({ value, cell, style, ...column }) => ({
      ...column,
      least: least[column.key] ?? 0,
      value: ({ row }: Change<Row>) => value(row),
      ...(cell && { cell: ({ row }: Change<Row>) => cell(row) }),
      ...(style && { style: ({ row }: Change<Row>) => style(row) }),
    })),
  ];
  let layout: Layout<Change<Row>> | undefined;
  return {
    print: async (changes) => {
      if (!layout) {
        layout = layOut(changes, inChange, terminal.out);
        terminal.print(headingOf(layout, terminal.out));
      }
      for (const change of changes) terminal.print(lineOf(layout, change, terminal.out));
    },
  };
}

/** JSON: one object a line; YAML: one document a change. */
async function documentOf<Row>(
  columns: readonly Column<Row>[],
  { type, row }: Change<Row>,
  format: OutputOptions['format'],
): Promise<string> {
  const value = { type, ...objectOf(columns, row) };
  return format === 'json' ? `${JSON.stringify(value)}\n` : `---\n${await yamlOf(value)}`;
}

const valuesIn = <Row>(
  columns: readonly Column<Row>[],
  changes: readonly Change<Row>[],
): unknown[][] => changes.map(({ type, row }) => [type, ...columns.map(({ value }) => value(row))]);
