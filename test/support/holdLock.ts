import pg from 'pg';
import { expect } from 'vitest';

/** A lock held by a session of the test's own, to force an order on those who wait for it. */
export interface HeldLock {
  /** Resolves once `count` sessions wait for locks in this database. */
  waitedForBy(count: number): Promise<void>;
  release(): Promise<void>;
}

/** Takes the locks of `statement`, for example `select 1 from ports where id = $1 for update`. */
export async function holdLock(
  url: string,
  statement: string,
  values: readonly unknown[],
): Promise<HeldLock> {
  const holder = new pg.Client({ connectionString: url });
  const watcher = new pg.Client({ connectionString: url });
  await Promise.all([holder.connect(), watcher.connect()]);
  await holder.query('begin');
  await holder.query(statement, [...values]);
  const waiting = async () => {
    const { rows } = await watcher.query(
      `select count(distinct pid)::int as count from pg_locks
       where not granted and pid in (select pid from pg_stat_activity where datname = current_database())`,
    );
    return rows[0].count as number;
  };
  return {
    waitedForBy: (count) => expect.poll(waiting, { timeout: 10_000, interval: 20 }).toBe(count),
    release: async () => {
      await holder.query('rollback');
      await Promise.all([holder.end(), watcher.end()]);
    },
  };
}
