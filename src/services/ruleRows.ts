import type { EntityManager } from '@mikro-orm/postgresql';
import { type RawBuilder, sql } from 'kysely';
import { query } from '../db/query.ts';
import type { QosRule } from '../entities/QosRule.ts';

type RuleRow = Omit<QosRule, 'createdAt' | 'updatedAt'> & { createdAt: string; updatedAt: string };

/** The rules for which `condition` holds, as plain objects: of ten thousand, entities take a second. */
export async function readRules(
  em: EntityManager,
  condition: RawBuilder<unknown>,
): Promise<QosRule[]> {
  const rows = await query(
    em,
    sql<RuleRow>`
      select id, tenant_id as "tenantId", network_id as "networkId", port_id as "portId", direction,
        max_kbps as "maxKbps", max_burst_kbps as "maxBurstKbps", max_kpps as "maxKpps",
        max_burst_kpps as "maxBurstKpps", min_kbps as "minKbps", dscp_mark as "dscpMark", description,
        version, created_at as "createdAt", updated_at as "updatedAt"
      from qos_rules where ${condition}`,
  );
  return rows.map((row) => ({
    ...row,
    createdAt: new Date(row.createdAt),
    updatedAt: new Date(row.updatedAt),
  }));
}
