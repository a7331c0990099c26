import { oneLine, paint, widthOf } from './cells.ts';
import { type Column, cellOf } from './column.ts';
import type { Screen } from './screen.ts';
import { titleOf } from './table.ts';

/** One thing as a list: a name and its value on each line. Values are never shortened. */
export function propertiesOf<Row>(
  row: Row,
  columns: readonly Column<Row>[],
  screen: Screen,
): string {
  const width = Math.max(...columns.map(({ key }) => widthOf(titleOf(key))));
  return columns
    .map((column) => {
      const title = paint(titleOf(column.key).padEnd(width), 'dim', screen.isLively);
      const value = paint(oneLine(cellOf(column, row)), column.style?.(row), screen.isLively);
      return `${title}  ${value}\n`;
    })
    .join('');
}
