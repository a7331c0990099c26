import type { EntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { query } from '../db/query.ts';
import type { FeedPosition } from '../domain/feedCursor.ts';

/**
 * The host's agent has dealt with everything up to `position`. Never moves back within an epoch, and
 * a position of another epoch, or past the head, is no position of this feed.
 */
export async function confirm(
  em: EntityManager,
  host: string,
  { epoch, revision }: FeedPosition,
): Promise<void> {
  await query(
    em,
    sql`
      update agents a set confirmed_epoch = ${epoch}, confirmed_revision = ${revision}
      from host_feeds f
      where a.host = ${host} and f.host = a.host
        and f.epoch::text || '.' || sluice_cluster() = ${epoch} and ${revision} <= f.head
        and (a.confirmed_epoch is distinct from ${epoch} or a.confirmed_revision < ${revision})`,
  );
}
