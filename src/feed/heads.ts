import type { EntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { query } from '../db/query.ts';
import type { FeedPosition } from '../domain/feedCursor.ts';

/** Where a host's feed stands. */
export interface FeedHead {
  readonly host: string;
  readonly position: FeedPosition;
}

/** Of hosts that have a feed, in one statement. */
export async function readHeads(em: EntityManager, hosts: readonly string[]): Promise<FeedHead[]> {
  const rows = await query(
    em,
    sql<{ host: string; epoch: string; head: string }>`
      select host, epoch::text || '.' || (select sluice_cluster()) as epoch, head
      from host_feeds where host = any (${hosts}::text[])`,
  );
  return rows.map(({ host, epoch, head }) => ({
    host,
    position: { epoch, revision: BigInt(head) },
  }));
}
