import { describe, expect, test } from 'vitest';
import { widthOf } from '../../../cli/output/cells.ts';
import type { Column } from '../../../cli/output/column.ts';
import { csvOf, valuesOf } from '../../../cli/output/csv.ts';
import { screenOf } from '../../../cli/output/screen.ts';
import { tableOf } from '../../../cli/output/table.ts';

const screen = (columns: number) => ({
  ...{ isTerminal: true, isLively: false, columns, rows: 24 },
});
interface Row {
  readonly id: string;
  readonly text: string;
}
const columns: readonly Column<Row>[] = [
  { key: 'id', value: ({ id }) => id },
  { key: 'longText', value: ({ text }) => text, shrinksTo: 4 },
  { key: 'age', value: () => '1 s', droppable: true },
];
const rows = [
  { id: 'a-1', text: 'wider than others' },
  { id: 'b', text: '漢字漢字漢字' },
];

describe('a table', () => {
  test('is as wide as it needs where there is room', () => {
    expect(tableOf(rows, columns, screen(100))).toBe(
      [
        'ID   LONG TEXT          AGE',
        'a-1  wider than others  1 s',
        'b    漢字漢字漢字       1 s',
        '',
      ].join('\n'),
    );
  });

  test('shortens what may be shortened, by cells and not by letters', () => {
    expect(tableOf(rows, columns, screen(20))).toBe(
      ['ID   LONG TEXT   AGE', 'a-1  wider tha…  1 s', 'b    漢字漢字…   1 s', ''].join('\n'),
    );
  });

  test.each(['1 → 2 → 3 → 4', '→→→→ longer', 'é → ü', '漢 → 字 → 漢'])(
    'shortens %s to the cells there are',
    (text) => {
      for (let width = 5; width < 14; width += 1) {
        const [, line = ''] = tableOf([{ id: '', text }], columns.slice(1, 2), screen(width)).split(
          '\n',
        );
        expect(widthOf(line)).toBeLessThanOrEqual(width);
      }
    },
  );

  test('then leaves out what may be left out, and never shortens an id', () => {
    expect(tableOf(rows, columns, screen(12))).toBe('ID   LONG T…\na-1  wider …\nb    漢字漢…\n');
    expect(tableOf(rows, columns, screen(1))).toBe('ID   LON…\na-1  wid…\nb    漢…\n');
  });

  test('has each row on one line, whatever its texts are', () => {
    const nasty = [{ id: '\x1b[2J\x07x', text: 'two\r\nlines\u2028three' }];
    expect(tableOf(nasty, columns, screen(100)).split('\n')[1]).toBe('[2J x  two lines three  1 s');
  });
});

describe('machine formats', () => {
  test('quote as RFC 4180 says', () => {
    expect(csvOf([['a', 'b,c', 'd"e', 'f\ng', null, ['x', 'y'], { z: 1 }]])).toBe(
      'a,"b,c","d""e","f\ng",,x y,"{""z"":1}"\n',
    );
  });

  test('have one value a word, and a lone value as it is', () => {
    expect(valuesOf([['a b', null, 'c\n d']])).toBe('"a b" - "c d"\n');
    expect(valuesOf([['a b']])).toBe('a b\n');
  });
});

describe('colour', () => {
  test.each([
    { stream: { isTTY: true as const }, env: {}, lively: true },
    { stream: { isTTY: true as const }, env: { NO_COLOR: '1' }, lively: false },
    { stream: { isTTY: true as const }, env: { NO_COLOR: '' }, lively: true },
    { stream: { isTTY: true as const }, env: { TERM: 'dumb' }, lively: false },
    { stream: {}, env: { FORCE_COLOR: '1' }, lively: false },
  ])('on $stream with $env is $lively', ({ stream, env, lively }) => {
    expect(screenOf(stream, env).isLively).toBe(lively);
  });
});
