import type { EntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { query } from '../db/query.ts';
import type { FeedPosition } from '../domain/feedCursor.ts';

/** The agent of a host has dealt with everything up to a position of its feed. */
export interface Confirmation {
  readonly host: string;
  readonly position: FeedPosition;
}

/**
 * Records what agents have dealt with. Never moves back within an epoch, and a position of another epoch,
 * or past the head, is no position of the host's feed. Agents are locked in host order, as heartbeats do.
 * Gives the hosts that have an agent: where none has been heard of yet, nothing can be recorded.
 */
export async function confirm(
  em: EntityManager,
  confirmations: readonly Confirmation[],
): Promise<ReadonlySet<string>> {
  if (confirmations.length === 0) return new Set();
  const rows = await query(
    em,
    sql<{ host: string }>`
      with said as materialized (
        select distinct on (x.host, x.epoch) x.host collate "C" as host, x.epoch, x.revision
        from unnest(${confirmations.map(({ host }) => host)}::text[],
          ${confirmations.map(({ position }) => position.epoch)}::text[],
          ${confirmations.map(({ position }) => position.revision.toString())}::bigint[])
          as x (host, epoch, revision)
        order by x.host, x.epoch, x.revision desc
      ), locked as materialized (
        select a.host from agents a join said using (host) order by a.host for no key update of a
      ), confirmed as (
        update agents a set confirmed_epoch = said.epoch, confirmed_revision = said.revision
        from locked join said using (host) join host_feeds f using (host)
        where a.host = locked.host
          and f.epoch::text || '.' || (select sluice_cluster()) = said.epoch and said.revision <= f.head
          and (a.confirmed_epoch is distinct from said.epoch or a.confirmed_revision < said.revision)
      )
      select host from locked`,
  );
  return new Set(rows.map(({ host }) => host));
}
