import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { type DatabaseBounds, openDatabase } from '../../../src/db/orm.ts';
import { query } from '../../../src/db/query.ts';
import { isUnavailable } from '../../../src/db/unavailable.ts';
import { createDatabase } from '../../support/postgres.ts';
import { startProxy } from '../../support/proxy.ts';

const long = {
  connectionMs: 5_000,
  statementMs: 5_000,
  silenceMs: 5_000,
  idleInTransactionMs: 5_000,
};

/** A database of one connection. */
async function open(url: string, bounds: Partial<DatabaseBounds>) {
  const orm = await openDatabase({ url, poolSize: 1, bounds: { ...long, ...bounds } });
  onTestFinished(() => orm.close(true));
  return orm;
}

async function database() {
  const made = await createDatabase();
  onTestFinished(() => made.dispose());
  return made.url;
}

test('who waits for a connection that nobody gives back is told that the database is unavailable', async () => {
  const orm = await open(await database(), { connectionMs: 300 });
  const held = Promise.withResolvers<void>();
  const transaction = orm.em.fork().transactional(async (em) => {
    await query(em, sql`select 1`);
    const refused = await query(orm.em.fork(), sql`select 2`).catch((error: unknown) => error);
    expect(isUnavailable(refused)).toBe(true);
    held.resolve();
  });
  await held.promise;
  await transaction;
  expect(await query(orm.em.fork(), sql`select 3 as three`)).toEqual([{ three: 3 }]);
});

test('a statement to a database that is gone without a word ends, and the next one has a new connection', async () => {
  const { hostname, username, pathname } = new URL(await database());
  await using proxy = await startProxy(`${decodeURIComponent(hostname)}/.s.PGSQL.5432`);
  const orm = await open(`postgres://${username}@127.0.0.1:${proxy.port}${pathname}`, {
    silenceMs: 300,
  });
  await query(orm.em.fork(), sql`select 1`);
  proxy.stall();
  const failure = await query(orm.em.fork(), sql`select 1`).catch((error: unknown) => error);
  expect(isUnavailable(failure)).toBe(true);
  proxy.cut();
  expect(await query(orm.em.fork(), sql`select 2 as two`)).toEqual([{ two: 2 }]);
});

test('a statement that takes too long is cancelled by the database', async () => {
  const orm = await open(await database(), { statementMs: 300 });
  const cancelled = await query(orm.em.fork(), sql`select pg_sleep(60)`).catch((error) => error);
  expect(isUnavailable(cancelled)).toBe(true);
  expect(await query(orm.em.fork(), sql`select 2 as two`)).toEqual([{ two: 2 }]);
});

test('a transaction whose server thinks for ever is ended by the database, and its locks with it', async () => {
  const url = await database();
  const [slow, other] = [await open(url, { idleInTransactionMs: 300 }), await open(url, {})];
  await query(other.em.fork(), sql`create table things (id integer)`);
  const waited = slow.em.fork().transactional(async (em) => {
    await query(em, sql`lock table things`);
    await query(other.em.fork(), sql`select from things`);
    await query(em, sql`select 1`);
  });
  expect(isUnavailable(await waited.catch((error: unknown) => error))).toBe(true);
});
