import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  boolean,
  integer,
  map,
  NamedUuid,
  NotationError,
  optional,
  real,
  set,
  single,
  string,
  type Uuid,
  uuid,
} from '../../../agent/ovsdb/notation.ts';

const ID = '11111111-2222-3333-4444-555555555555' as Uuid;

describe('columns', () => {
  it('read what RFC 7047 §5.1 writes', () => {
    expect(single(string).decode('a')).toBe('a');
    expect(single(real).decode(1.5)).toBe(1.5);
    expect(single(boolean).decode(true)).toBe(true);
    expect(single(uuid).decode(['uuid', ID])).toBe(ID);
    expect(optional(integer).decode(['set', []])).toBeNull();
    expect(optional(integer).decode(7)).toBe(7);
    expect(set(integer).decode(7)).toEqual(new Set([7]));
    expect(set(integer).decode(['set', [1, 2]])).toEqual(new Set([1, 2]));
    expect(map(string, integer).decode(['map', [['a', 1]]])).toEqual(new Map([['a', 1]]));
  });

  it('write a row of the same transaction by its name', () => {
    expect(optional(uuid).encode(new NamedUuid('queue0'))).toEqual(['named-uuid', 'queue0']);
    expect(map(integer, uuid).encode(new Map([[0, ID]]))).toEqual(['map', [[0, ['uuid', ID]]]]);
  });

  it.each([
    ['a string', single(string), 5],
    ['an integer', single(integer), 1.5],
    ['a uuid', single(uuid), 'plain'],
    ['at most one value', optional(integer), ['set', [1, 2]]],
    ['a set', set(integer), ['set', 'x']],
    ['a map', map(string, string), ['set', []]],
  ] as const)('refuse what is not %s', (expected, column, json) => {
    expect(() => column.decode(json)).toThrow(NotationError);
    expect(() => column.decode(json)).toThrow(expected);
  });
});

describe('an update2 difference', () => {
  it('of a set names what is in only one of old and new', () => {
    const sets = fc.uniqueArray(fc.integer());
    fc.assert(
      fc.property(sets, sets, (old, fresh) => {
        const difference = new Set(old).symmetricDifference(new Set(fresh));
        const patched = set(integer).patch(new Set(old), set(integer).encode(difference));
        expect(patched).toEqual(new Set(fresh));
      }),
    );
  });

  it('of a map holds pairs that came or went, and the new values of others', () => {
    const maps = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.nat(2));
    const column = map(string, integer);
    fc.assert(
      fc.property(maps, maps, (old, fresh) => {
        const difference = new Map(Object.entries({ ...old, ...fresh }));
        for (const key of difference.keys()) {
          if (old[key] === fresh[key]) difference.delete(key);
        }
        const patched = column.patch(new Map(Object.entries(old)), column.encode(difference));
        expect(patched).toEqual(new Map(Object.entries(fresh)));
      }),
    );
  });

  it('of a single or optional value is the new value', () => {
    expect(single(string).patch('old', 'new')).toBe('new');
    expect(optional(uuid).patch(ID, ['set', []])).toBeNull();
  });
});
