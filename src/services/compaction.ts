import { sql } from 'kysely';
import { query } from '../db/query.ts';
import type { Services } from './services.ts';
import { system } from './system.ts';

const batchRows = 1_000;

/**
 * Deletes tombstones older than the retention, and raises their host's floor so that nobody resumes
 * below them (invariant 3). A tombstone that a living agent has not confirmed stays. Hosts that are
 * locked are left for the next round, so nobody waits; ports are not locked, and binding writes are
 * upserts for this reason. Answers how many it deleted.
 */
export async function compactTombstones(
  { emFor }: Pick<Services, 'emFor'>,
  retentionMs: number,
): Promise<number> {
  const old = sql`b.removed_at < now() - ${retentionMs} * interval '1 millisecond'`;
  const dealtWith = sql`not exists (
    select 1 from agents a join host_feeds f on f.host = a.host
    where a.host = b.host and a.heartbeat_at > now() - ${retentionMs} * interval '1 millisecond'
      and (a.confirmed_epoch is distinct from f.epoch::text || '.' || (select sluice_cluster())
        or a.confirmed_revision < b.revision))`;
  // The delete asks `old` again: a binding revived meanwhile is no tombstone in its newest version.
  const [row] = await query(
    emFor(system),
    sql<{ deleted: string }>`
      with doomed as materialized (
        select b.port_id, b.host from port_bindings b
        where ${old} and ${dealtWith} order by b.removed_at limit ${batchRows}
      ), locked as materialized (
        select f.host from host_feeds f where f.host in (select host from doomed)
        for no key update skip locked
      ), deleted as (
        delete from port_bindings b using doomed d, locked l
        where b.port_id = d.port_id and b.host = d.host and l.host = b.host and ${old}
        returning b.host, b.revision
      ), raised as (
        update host_feeds f set floor = greatest(f.floor, t.revision)
        from (select host, max(revision) as revision from deleted group by host) t
        where f.host = t.host
      ) select count(*) as deleted from deleted`,
  );
  return Number(row?.deleted ?? 0);
}
