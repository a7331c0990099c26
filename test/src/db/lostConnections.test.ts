import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openDatabase } from '../../../src/db/orm.ts';
import { query } from '../../../src/db/query.ts';
import { eventually } from '../../support/eventually.ts';
import { createDatabase } from '../../support/postgres.ts';

const one = sql<{ one: number }>`select 1 as one`;
const end = sql`select pg_terminate_backend(pg_backend_pid())`;

test('transactions whose connections were cut cost no place in the pool, nor the end of the server', async () => {
  await using database = await createDatabase();
  const orm = await openDatabase({ url: database.url, poolSize: 2 });
  const em = () => orm.em.fork();
  for (let round = 0; round < 2; round += 1) {
    const cut = [1, 2].map(() =>
      em().transactional(async (inside) => {
        await query(inside, one);
        await query(inside, end);
      }),
    );
    for (const { status } of await Promise.allSettled(cut)) expect(status).toBe('rejected');
    await expect(query(em(), end)).rejects.toThrow();
  }
  // The pool may hand out a connection before it hears that it ended.
  await eventually(async () => expect(await query(em(), one)).toEqual([{ one: 1 }]));
  await orm.close(true);
}, 20_000);
