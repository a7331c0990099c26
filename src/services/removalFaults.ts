import { sql } from 'kysely';
import { query } from '../db/query.ts';
import type { Actor } from '../domain/actor.ts';
import type { Services } from './services.ts';

/** A port on a host. */
export interface BindingKey {
  readonly portId: string;
  readonly host: string;
}

/** What could not be removed of each binding, in words; null: nothing is known to be left. A direction that a rule asks for again is no leftover. */
export async function removalFaultsOf(
  { emFor }: Services,
  actor: Actor,
  keys: readonly BindingKey[],
): Promise<(string | null)[]> {
  const rows = await query(
    emFor(actor),
    sql<BindingKey & { fault: string }>`
      select r.port_id as "portId", r.host,
        string_agg(r.direction || ' is still limited: ' || r.message, ' ' order by r.direction) as fault
      from removal_faults r
      join port_bindings b on b.port_id = r.port_id and b.host = r.host
      where r.port_id = any (${keys.map(({ portId }) => portId)}::uuid[])
        and (b.removed_at is not null
          or not exists (select 1 from qos_rules q where q.port_id = r.port_id and q.direction = r.direction))
      group by r.port_id, r.host`,
  );
  const faults = new Map(rows.map(({ portId, host, fault }) => [`${portId} ${host}`, fault]));
  return keys.map(({ portId, host }) => faults.get(`${portId} ${host}`) ?? null);
}
