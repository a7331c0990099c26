import { Client } from 'pg';
import { expect, test } from 'vitest';
import { createDatabase } from './postgres.ts';

test('each test has a database of its own, with all tables', async () => {
  await using one = await createDatabase();
  await using other = await createDatabase();
  await rows(one.url, 'drop table qos_rules cascade');
  expect(await rows(other.url, 'select count(*)::int from qos_rules')).toEqual([{ count: 0 }]);
});

async function rows(url: string, statement: string): Promise<unknown[]> {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}
