import type { EntityManager, PostgreSqlConnection } from '@mikro-orm/postgresql';

/**
 * A statement of the hot path: PostgreSQL parses and plans it once on each connection, and not each
 * time, which costs more than running it. `name` is its own among all of the server's.
 */
export interface Prepared {
  readonly name: string;
  readonly text: string;
}

type Run = (
  statement: Prepared,
  values: readonly unknown[],
) => Promise<{ readonly rows: unknown[] }>;

const bound = new WeakMap<EntityManager, Run>();

/** Has the em's prepared statements run by `run`: a tenant's must be bound to it. */
export function bindPrepared(em: EntityManager, run: Run): void {
  bound.set(em, run);
}

/** Runs it on a connection of the pool, outside of any transaction. Rows are as `query` gives them. */
export async function runPrepared<Row>(
  em: EntityManager,
  statement: Prepared,
  values: readonly unknown[],
): Promise<Row[]> {
  const run = bound.get(em) ?? runOnPool(em);
  const { rows } = await run(statement, values);
  return rows as Row[];
}

const runOnPool =
  (em: EntityManager): Run =>
  async ({ name, text }, values) => {
    const connection = em.getConnection() as PostgreSqlConnection;
    const pool = await connection.getNativeClient();
    return pool.query({ name, text, values: [...values] });
  };
