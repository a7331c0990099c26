import type { EntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { query } from '../db/query.ts';
import type { FeedPosition } from '../domain/feedCursor.ts';

/** How far somebody was told of a host's feed. */
export interface Told {
  readonly host: string;
  readonly position: FeedPosition;
}

/**
 * The hosts whose feed stands elsewhere, in one statement. The database compares: of thousands, of which nearly all
 * stand where they stood, to read every head is most of what it costs.
 */
export async function hostsElsewhere(em: EntityManager, told: readonly Told[]): Promise<string[]> {
  const said = told.map(({ host, position: { epoch, revision } }) => ({
    host,
    epoch,
    head: revision.toString(),
  }));
  const rows = await query(
    em,
    sql<{ host: string }>`
      select distinct f.host
      from json_to_recordset(${JSON.stringify(said)}::json) as said (host text, epoch text, head bigint)
      join host_feeds f on f.host = said.host collate "C"
      where f.head <> said.head or f.epoch::text || '.' || (select sluice_cluster()) <> said.epoch`,
  );
  return rows.map(({ host }) => host);
}
