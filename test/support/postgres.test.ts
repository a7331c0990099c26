import { expect, test } from 'vitest';
import { createDatabase } from './postgres.ts';
import { query } from './query.ts';

test('each test has a database of its own, with all tables', async () => {
  await using one = await createDatabase();
  await using other = await createDatabase();
  await query(one.url, 'drop table qos_rules cascade');
  expect(await query(other.url, 'select count(*)::int from qos_rules')).toEqual([{ count: 0 }]);
});
