import { expect, test } from 'vitest';
import { joinMutations } from '../../../agent/ovsdb/join.ts';
import { map, string, type Uuid } from '../../../agent/ovsdb/notation.ts';
import {
  comment,
  excludingKeys,
  including,
  isRow,
  type Mutation,
  mutate,
} from '../../../agent/ovsdb/operations.ts';
import { defineTable } from '../../../agent/ovsdb/table.ts';

const bridges = defineTable('Bridge', { external_ids: map(string, string) });
const [one, two] = ['00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000002'];

const forget = (...keys: string[]) => excludingKeys(bridges, 'external_ids', keys);
const put = (pairs: Record<string, string>) =>
  including(bridges, 'external_ids', new Map(Object.entries(pairs)));
const on = (row: string | undefined, ...mutations: Mutation[]) =>
  mutate(bridges, [isRow(row as Uuid)], mutations);

test('what is recorded in one map of one row is one operation', () => {
  const joined = joinMutations([
    on(one, forget('a'), put({ a: '1' })),
    on(one, forget('b'), put({ b: '2' })),
    on(one, put({ c: '3' })),
    on(one, forget('d')),
  ]);

  expect(joined).toEqual([on(one, forget('a', 'b', 'd'), put({ a: '1', b: '2', c: '3' }))]);
});

test('what depends on the order stays in it', () => {
  const operations = [
    on(one, forget('a'), put({ a: '1' })),
    on(one, forget('a'), put({ a: '2' })),
    on(two, put({ a: '1' })),
    comment('between'),
    on(two, put({ b: '2' })),
    on(two, put({ c: '3' }), forget('c')),
  ];

  expect(joinMutations(operations)).toEqual(operations);
});
