import { oneLine } from './cells.ts';
import type { Column } from './column.ts';
import type { Screen } from './screen.ts';
import { tableOf } from './table.ts';

/**
 * A table with a message on each line; on a terminal the messages stand below it, whole: a reason that is cut
 * short is none.
 */
export function tableWithReasons<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  screen: Screen,
  reasonOf: (row: Row) => string | null,
): string {
  const reasons = rows.map(reasonOf).filter((reason) => reason !== null);
  if (!screen.isTerminal) return tableOf(rows, columns, screen);
  const table = tableOf(
    rows,
    columns.filter(({ key }) => key !== 'message'),
    screen,
  );
  return [table, ...reasons.map((reason) => `\n${oneLine(reason)}\n`)].join('');
}
