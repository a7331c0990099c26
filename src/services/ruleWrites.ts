import { DeadlockException } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { query } from '../db/query.ts';
import type { Actor } from '../domain/actor.ts';
import { refuse } from '../domain/errors.ts';
import { type LimitField, type Limits, limitFields } from '../domain/ranges.ts';
import type { QosRule } from '../entities/QosRule.ts';
import { actorText } from './audit.ts';
import type { LockedPort } from './locks.ts';
import { auditedRule, ruleNotice } from './ruleInput.ts';
import type { Services } from './services.ts';

/** Each of these is one statement and one transaction (migration 5). Null: what was read is not so any more. */

/** Writes a rule that was decided on when its port was as `seen`. */
export async function insertRule(
  services: Services,
  actor: Actor,
  rule: QosRule,
  seen: LockedPort | undefined,
): Promise<QosRule | null> {
  const { id, tenantId, networkId, portId, direction, description } = rule;
  const row = {
    id,
    tenant_id: tenantId,
    network_id: networkId,
    port_id: portId,
    direction,
    description,
    ...columnsOf(rule),
  };
  const [written] = await query(
    services.orm.em.fork(),
    sql<{ created_at: string; hosts: string[] }>`
      select * from sluice_create_rule(${JSON.stringify(row)}::jsonb, ${seen?.tenantId ?? null},
        ${seen?.networkId ?? null}, ${actor.role === 'admin'}, ${auditText(actor, 'created', null, rule)}::jsonb)`,
  );
  if (!written) return null;
  const at = new Date(written.created_at);
  return ring(services, 'CREATED', written.hosts, { ...rule, createdAt: at, updatedAt: at });
}

/** Gives the rule, as it was read, these limits and this description. */
export async function changeRule(
  services: Services,
  actor: Actor,
  rule: QosRule,
  changed: QosRule,
): Promise<QosRule | null> {
  const values = { ...columnsOf(changed), description: changed.description };
  const [written] = await query(
    services.orm.em.fork(),
    sql<{ updated_at: string; hosts: string[] }>`
      select * from sluice_update_rule(${rule.id}, ${rule.portId}, ${rule.version},
        ${JSON.stringify(values)}::jsonb, ${auditText(actor, 'updated', rule, changed)}::jsonb)`,
  );
  if (!written) return null;
  return ring(services, 'UPDATED', written.hosts, {
    ...changed,
    updatedAt: new Date(written.updated_at),
  });
}

/** Deletes the rule, as it was read. */
export async function removeRule(
  services: Services,
  actor: Actor,
  rule: QosRule,
): Promise<QosRule | null> {
  const [written] = await query(
    services.orm.em.fork(),
    sql<{ hosts: string[] }>`
      select * from sluice_delete_rule(${rule.id}, ${rule.portId}, ${rule.version},
        ${auditText(actor, 'deleted', rule, null)}::jsonb)`,
  );
  return written ? ring(services, 'DELETED', written.hosts, rule) : null;
}

const maxAttempts = 10;

/** Reads, decides and writes until nobody came between. */
export async function untilWritten(attempt: () => Promise<QosRule | null>): Promise<QosRule> {
  for (let attempts = 1; attempts <= maxAttempts; attempts += 1) {
    try {
      const rule = await attempt();
      if (rule) return rule;
    } catch (error) {
      // The lock order leaves no deadlock among our own; an operator's session may still cause one.
      if (!(error instanceof DeadlockException) || attempts === maxAttempts) throw error;
    }
  }
  throw refuse('UNAVAILABLE', 'The rule kept changing meanwhile: try again.');
}

/** After the commit, never before (invariant 4). */
function ring(
  { doorbell }: Services,
  type: 'CREATED' | 'UPDATED' | 'DELETED',
  hosts: readonly string[],
  rule: QosRule,
): QosRule {
  doorbell.ring({ hosts, rules: [ruleNotice(type, rule)], agents: [] });
  return rule;
}

const columnNames = {
  maxKbps: 'max_kbps',
  maxBurstKbps: 'max_burst_kbps',
  maxKpps: 'max_kpps',
  maxBurstKpps: 'max_burst_kpps',
  minKbps: 'min_kbps',
  dscpMark: 'dscp_mark',
} as const satisfies Record<LimitField, string>;

const columnsOf = (limits: Limits) =>
  Object.fromEntries(limitFields.map((field) => [columnNames[field], limits[field]]));

function auditText(
  actor: Actor,
  action: 'created' | 'updated' | 'deleted',
  before: QosRule | null,
  after: QosRule | null,
): string {
  const { id, tenantId } = (after ?? before) as QosRule;
  return JSON.stringify({
    actor: actorText(actor),
    action: `qosRule.${action}`,
    objectId: id,
    tenantId,
    before: before && auditedRule(before),
    after: after && auditedRule(after),
  });
}
