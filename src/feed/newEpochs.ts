import type { EntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { query } from '../db/query.ts';

/**
 * Renews the epoch of every host's feed, so that each agent is sent its whole state: needed where a
 * database was copied back in a way that PostgreSQL itself does not notice (invariant 6). Answers how
 * many hosts there are. Locks them in name order (invariant 2).
 */
export async function renewAllEpochs(em: EntityManager): Promise<number> {
  const [row] = await query(
    em,
    sql<{ hosts: string }>`
      with locked as materialized (select host from host_feeds order by host for no key update),
      renewed as (
        update host_feeds f set epoch = gen_random_uuid() from locked where f.host = locked.host
        returning f.host
      )
      select count(*) as hosts from renewed`,
  );
  return Number(row?.hosts ?? 0);
}
