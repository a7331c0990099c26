import { describe, expect, test } from 'vitest';
import { changesBetween, Known } from '../../../cli/watch/known.ts';

interface Row {
  readonly id: string;
  readonly text: string;
}
const row = (id: string, text = 'x'): Row => ({ id, text });
const all = () => true;

describe('what a watch prints', () => {
  test('is everything at first, and then only what is new, other or gone', () => {
    const known = new Known<Row>();
    expect(changesBetween(known, [row('a'), row('b')])).toEqual([
      { type: 'LISTED', row: row('a') },
      { type: 'LISTED', row: row('b') },
    ]);
    expect(changesBetween(known, [row('a'), row('b')])).toEqual([]);
    expect(changesBetween(known, [row('a', 'y'), row('c')])).toEqual([
      { type: 'DELETED', row: row('b') },
      { type: 'LISTED', row: row('a', 'y') },
      { type: 'LISTED', row: row('c') },
    ]);
  });

  test('of an event is the row, with what it last said where it is gone', () => {
    const known = new Known<Row>();
    const take = (type: 'CREATED' | 'UPDATED' | 'DELETED', id: string, of: Row | null) =>
      known.take({ type, id, row: of }, all);
    expect(take('CREATED', 'a', row('a'))).toEqual({ type: 'CREATED', row: row('a') });
    expect(take('UPDATED', 'a', row('a'))).toBeUndefined();
    expect(take('DELETED', 'a', null)).toEqual({ type: 'DELETED', row: row('a') });
    expect(take('DELETED', 'a', null)).toBeUndefined();
  });

  test('of a row that is no longer among those asked for is that it is gone', () => {
    const known = new Known<Row>();
    known.put(row('a'));
    const change = known.take({ type: 'UPDATED', id: 'a', row: row('a', 'y') }, () => false);
    expect(change).toEqual({ type: 'DELETED', row: row('a') });
  });
});
