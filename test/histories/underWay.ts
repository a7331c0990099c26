import type { Pool } from 'pg';
import { sleep } from '../../lib/retry.ts';

/**
 * Waits until the transactions that are under way have ended. Its caller may have been told that a change failed, as
 * its connection was cut, while the database was still to commit it: a history that looked meanwhile would end before.
 */
export async function transactionsEnd(pool: Pool, signal: AbortSignal): Promise<void> {
  const { rows } = await pool.query<{ now: string }>('select clock_timestamp()::text as now');
  const anyOlder = async () => {
    const { rowCount } = await pool.query(
      `select from pg_stat_activity where datname = current_database()
       and backend_type = 'client backend' and pid <> pg_backend_pid() and xact_start <= $1::timestamptz`,
      [rows[0]?.now],
    );
    return rowCount !== 0;
  };
  while (!signal.aborted && (await anyOlder())) await sleep(20, signal);
}
