import { sql } from 'kysely';
import { query } from '../db/query.ts';
import type { LockedPort } from './locks.ts';
import type { Write } from './write.ts';

/** Stores what became known of locked ports. What is already registered stays: only nulls are filled. */
export async function fillPorts({ em }: Write, ports: readonly LockedPort[]): Promise<void> {
  if (ports.length === 0) return;
  const given = sql`jsonb_to_recordset(${JSON.stringify(ports)}::jsonb)
    as g (id uuid, "tenantId" text, "networkId" uuid, name text)`;
  await query(
    em,
    sql`
      update ports p set tenant_id = coalesce(p.tenant_id, g."tenantId"),
        network_id = coalesce(p.network_id, g."networkId"), name = coalesce(g.name, p.name)
      from ${given} where p.id = g.id and (p.tenant_id is null and g."tenantId" is not null
        or p.network_id is null and g."networkId" is not null or g.name is distinct from p.name and g.name is not null)`,
  );
  // A rule carries its port's network, so that lists can filter and sort by it.
  await query(
    em,
    sql`
      update qos_rules r set network_id = g."networkId"
      from ${given} where r.port_id = g.id and r.network_id is null and g."networkId" is not null`,
  );
}
