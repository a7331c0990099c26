import type { EntityManager, PostgreSqlConnection } from '@mikro-orm/postgresql';

/**
 * A statement of the hot path: PostgreSQL parses and plans it once on each connection, and not each
 * time, which costs more than running it. `name` is its own among all of the server's.
 */
export interface Prepared {
  readonly name: string;
  readonly text: string;
}

/** Runs it on a connection of the pool, outside of any transaction. Rows are as `query` gives them. */
export async function runPrepared<Row>(
  em: EntityManager,
  { name, text }: Prepared,
  values: readonly unknown[],
): Promise<Row[]> {
  const connection = em.getConnection() as PostgreSqlConnection;
  const pool = await connection.getNativeClient();
  const { rows } = await pool.query({ name, text, values: [...values] });
  return rows;
}
