import { type Cell, fitTo, oneLine, paint, widthOf } from './cells.ts';
import { type Column, cellOf } from './column.ts';
import type { Screen } from './screen.ts';

const gap = '  ';

/** Columns with the widths that they have on this screen. */
export interface Layout<Row> {
  readonly columns: readonly Column<Row>[];
  readonly widths: readonly number[];
}

/** A heading and a line for each row, fitted to the screen. */
export function tableOf<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  screen: Screen,
): string {
  const layout = layOut(rows, columns, screen);
  return [headingOf(layout, screen), ...rows.map((row) => lineOf(layout, row, screen))].join('');
}

/** Widths for these rows: as wide as they need, and where the screen is narrower as wide as it allows. */
export function layOut<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  screen: Screen,
): Layout<Row> {
  const wanted = columns.map((column) =>
    rows.reduce(
      (widest, row) => Math.max(widest, widthOf(oneLine(cellOf(column, row)))),
      Math.max(widthOf(titleOf(column.key)), column.least ?? 0),
    ),
  );
  const widths = shrink(wanted, columns, screen.columns);
  const last = columns.findLastIndex(({ droppable }) => droppable);
  if (totalOf(widths) <= screen.columns || last < 0) return { columns, widths };
  return layOut(rows, columns.toSpliced(last, 1), screen);
}

export function headingOf<Row>({ columns, widths }: Layout<Row>, screen: Screen): string {
  const cells = columns.map(({ key }) => ({ text: titleOf(key), style: 'dim' as const }));
  return line(cells, widths, screen);
}

export function lineOf<Row>({ columns, widths }: Layout<Row>, row: Row, screen: Screen): string {
  const cells = columns.map((column) => ({
    text: oneLine(cellOf(column, row)),
    style: column.style?.(row),
  }));
  return line(cells, widths, screen);
}

/** `maxKbps` is headed MAX KBPS. */
export function titleOf(key: string): string {
  return key.replace(/[A-Z]/g, ' $&').toUpperCase();
}

function line(cells: readonly Cell[], widths: readonly number[], screen: Screen): string {
  const last = cells.length - 1;
  const shown = cells.map(({ text, style }, index) => {
    const fitted = fitTo(text, widths[index] ?? 0);
    return paint(index === last ? fitted.trimEnd() : fitted, style, screen.isLively);
  });
  return `${shown.join(gap)}\n`;
}

/** Takes cells from the widest column that may lose some, until the table fits or none is left. */
function shrink<Row>(
  widths: readonly number[],
  columns: readonly Column<Row>[],
  available: number,
): number[] {
  const fitted = [...widths];
  while (totalOf(fitted) > available) {
    const spare = fitted.map((width, index) =>
      width > (columns[index]?.shrinksTo ?? Number.POSITIVE_INFINITY) ? width : 0,
    );
    const widest = spare.indexOf(Math.max(...spare));
    if (spare[widest] === 0) break;
    fitted[widest] = (fitted[widest] ?? 0) - 1;
  }
  return fitted;
}

const totalOf = (widths: readonly number[]): number =>
  widths.reduce((sum, width) => sum + width + gap.length, -gap.length);
