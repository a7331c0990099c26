import { sql } from 'kysely';
import { query } from '../db/query.ts';
import type { BindingChange, BindingState } from '../domain/bindings.ts';
import { raiseHeads } from './locks.ts';
import type { Write } from './write.ts';

/** All bindings of the ports, tombstones too. Call with the ports locked. */
export async function readBindings(
  { em }: Write,
  portIds: readonly string[],
): Promise<Map<string, BindingState[]>> {
  const rows = await query(
    em,
    sql<BindingState>`
      select port_id as "portId", host, bound, plugged, interface_name as "interfaceName",
        removed_at is not null as removed,
        claimed_from as "claimedFrom"
      from port_bindings where port_id = any (${portIds}::uuid[])`,
  );
  const byPort = new Map<string, BindingState[]>(portIds.map((id) => [id, []]));
  for (const row of rows) byPort.get(row.portId)?.push(row);
  return byPort;
}

/**
 * Writes the changes, in the feeds of the hosts that must be told. An upsert: compaction may have
 * taken the tombstone that was read, since it locks hosts and no ports.
 */
export async function writeBindings(
  write: Write,
  changes: readonly BindingChange[],
): Promise<void> {
  if (changes.length === 0) return;
  const moving = changes.filter(({ moves }) => moves).map(({ state }) => state.host);
  const heads = await raiseHeads(write, [...new Set(moving)]);
  const rows = changes.map(({ state, moves }) => ({
    ...state,
    revision: moves ? String(heads.get(state.host)) : null,
  }));
  await query(
    write.em,
    sql`
      insert into port_bindings as b (port_id, host, bound, plugged, interface_name, revision,
        born_revision, unplugged_at, removed_at, claimed_from)
      select c."portId", c.host, c.bound, c.plugged, c."interfaceName", coalesce(c.revision, 0),
        coalesce(c.revision, 0), case when not c.plugged then now() end, case when c.removed then now() end, c."claimedFrom"
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as c ("portId" uuid, host text, bound boolean,
        plugged boolean, "interfaceName" text, revision bigint, removed boolean, "claimedFrom" text)
      order by c."portId", c.host collate "C"
      on conflict (port_id, host) do update set
        bound = excluded.bound,
        plugged = excluded.plugged,
        interface_name = excluded.interface_name,
        revision = case when excluded.revision > 0 then excluded.revision else b.revision end,
        born_revision = case when b.removed_at is not null and excluded.removed_at is null
          then excluded.revision else b.born_revision end,
        bound_at = case when b.removed_at is not null and excluded.removed_at is null then now() else b.bound_at end,
        unplugged_at = case when excluded.plugged then null when b.plugged then now()
          else coalesce(b.unplugged_at, now()) end,
        removed_at = excluded.removed_at,
        claimed_from = excluded.claimed_from`,
  );
}
