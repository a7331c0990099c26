import type { EntityManager } from '@mikro-orm/postgresql';
import type { RawBuilder } from 'kysely';

/**
 * Runs one statement of our own with real parameters, inside the em's transaction if it has one.
 * Columns come back as they are named in SQL; bigint and timestamptz as text, as pg hands them over.
 */
export async function query<Row>(em: EntityManager, statement: RawBuilder<Row>): Promise<Row[]> {
  const { rows } = await statement.execute(em.getKysely());
  return rows;
}
