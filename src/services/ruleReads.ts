import { sql } from 'kysely';
import { query } from '../db/query.ts';
import { type Actor, visibleTenant } from '../domain/actor.ts';
import { conflict, notFound } from '../domain/errors.ts';
import type { Direction } from '../domain/ranges.ts';
import type { QosRule } from '../entities/QosRule.ts';
import type { LockedPort } from './locks.ts';
import type { Services } from './services.ts';

/** Reads of what a single rule's change is decided on; the write looks again under the lock. */

type RuleRow = Omit<QosRule, 'createdAt' | 'updatedAt'> & { createdAt: string; updatedAt: string };

/** The rule as it is now, if the caller may see it and it is at the version that it expects. */
export async function readExpected(
  { orm }: Services,
  actor: Actor,
  {
    id,
    expectedVersion,
  }: { readonly id: string; readonly expectedVersion?: number | null | undefined },
): Promise<QosRule> {
  const tenantId = visibleTenant(actor);
  const [row] = await query(
    orm.em.fork(),
    sql<RuleRow>`
      select id, tenant_id as "tenantId", network_id as "networkId", port_id as "portId", direction,
        max_kbps as "maxKbps", max_burst_kbps as "maxBurstKbps", max_kpps as "maxKpps",
        max_burst_kpps as "maxBurstKpps", min_kbps as "minKbps", dscp_mark as "dscpMark", description,
        version, created_at as "createdAt", updated_at as "updatedAt"
      from qos_rules
      where id = ${id} and (${tenantId}::text is null or tenant_id = ${tenantId}::text)`,
  );
  if (!row) throw notFound('rule', id, 'id');
  if (expectedVersion != null && expectedVersion !== row.version) {
    throw conflict(
      `Rule ${id} is at version ${row.version}, not ${expectedVersion}: read it again and decide anew.`,
      'expectedVersion',
    );
  }
  return { ...row, createdAt: new Date(row.createdAt), updatedAt: new Date(row.updatedAt) };
}

/** The port as it is registered now, and whether it has a rule for the direction. */
export async function readPlace(
  { orm }: Services,
  portId: string,
  direction: Direction,
): Promise<{ readonly port: LockedPort | undefined; readonly taken: boolean }> {
  const [port] = await query(
    orm.em.fork(),
    sql<LockedPort & { taken: boolean }>`
      select id, tenant_id as "tenantId", network_id as "networkId", name, exists (
        select 1 from qos_rules where port_id = ${portId} and direction = ${direction}) as taken
      from ports where id = ${portId}`,
  );
  return { port, taken: port?.taken ?? false };
}
