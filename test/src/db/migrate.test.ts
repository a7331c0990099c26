import { expect, test } from 'vitest';
import { migrateDown, migrateUp, pendingMigrations } from '../../../src/db/migrate.ts';
import { createDatabase } from '../../support/postgres.ts';
import { query } from '../../support/query.ts';

/** What a schema is: tables, views, functions, constraints and indexes, each with its definition. */
async function schemaOf(url: string): Promise<string[]> {
  const rows = await query<{ definition: string }>(
    url,
    `
      select format('%s %s %s', c.relkind, c.relname, a.attname || ' ' || format_type(a.atttypid, a.atttypmod)) as definition
        from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relnamespace = 'public'::regnamespace and c.relname !~ 'mikro_orm'
      union all
      select pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace
      union all
      select conrelid::regclass || ' ' || pg_get_constraintdef(oid) from pg_constraint
        where connamespace = 'public'::regnamespace and conrelid::regclass::text !~ 'mikro_orm'
      union all
      select pg_get_viewdef(oid) from pg_class
        where relkind = 'v' and relnamespace = 'public'::regnamespace
      order by 1`,
  );
  return rows.map(({ definition }) => definition);
}

// A new connection and a migrator for each step: seconds here, much more on a busy machine.
test('every migration goes back to nothing and forward to the same again', {
  timeout: 120_000,
}, async () => {
  await using database = await createDatabase();
  const whole = await schemaOf(database.url);
  expect(whole.length).toBeGreaterThan(50);
  expect(await pendingMigrations(database.url)).toEqual([]);

  const taken: string[] = [];
  for (let down = await migrateDown(database.url); down.length > 0; ) {
    taken.unshift(...down);
    down = await migrateDown(database.url);
  }
  expect(await schemaOf(database.url)).toEqual([]);
  expect(await pendingMigrations(database.url)).toEqual(taken);

  expect(await migrateUp(database.url)).toEqual(taken);
  expect(await schemaOf(database.url)).toEqual(whole);
});

test('servers that start together run each migration once', {
  timeout: 120_000,
}, async () => {
  await using database = await createDatabase();
  for (let left = 1; left > 0; ) left = (await migrateDown(database.url)).length;
  const runs = await Promise.all([1, 2, 3].map(() => migrateUp(database.url)));
  expect(runs.filter((names) => names.length > 0)).toHaveLength(1);
  expect(await pendingMigrations(database.url)).toEqual([]);
});
