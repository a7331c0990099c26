import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { query } from '../db/query.ts';
import { type RulePlan, ruleKey, type WantedRule } from '../domain/rulePlan.ts';
import type { QosRule } from '../entities/QosRule.ts';
import { audit } from './audit.ts';
import { touchPorts } from './locks.ts';
import { auditedRule, ruleNotice } from './ruleInput.ts';
import { readRules } from './ruleRows.ts';
import type { Write } from './write.ts';

/** Carries out a plan in a handful of statements, however many rules; answers the rules wanted, in their order. */
export async function carryOut(
  write: Write,
  plan: RulePlan<QosRule>,
  wanted: readonly WantedRule[],
): Promise<QosRule[]> {
  await insertRules(write, plan.create);
  await updateRules(write, plan.update);
  await removeRules(write, plan.remove);
  const changed = [...plan.create, ...plan.update.map(({ rule }) => rule), ...plan.remove];
  await touchPorts(write, [...new Set(changed.map(({ portId }) => portId))]);
  const rules = await rulesWanted(write, wanted);
  await tell(write, plan, rules);
  return wanted.flatMap((rule) => rules.get(ruleKey(rule)) ?? []);
}

async function insertRules({ em }: Write, rules: readonly WantedRule[]): Promise<void> {
  if (rules.length === 0) return;
  const rows = rules.map(({ limits, ...rule }) => ({ ...rule, ...limits, id: randomUUID() }));
  await query(
    em,
    sql`
      insert into qos_rules (id, tenant_id, network_id, port_id, direction, max_kbps, max_burst_kbps,
        max_kpps, max_burst_kpps, min_kbps, dscp_mark, description)
      select id, "tenantId", "networkId", "portId", direction, "maxKbps", "maxBurstKbps",
        "maxKpps", "maxBurstKpps", "minKbps", "dscpMark", description
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x (id uuid, "tenantId" text, "networkId" uuid,
        "portId" uuid, direction text, "maxKbps" integer, "maxBurstKbps" integer, "maxKpps" integer,
        "maxBurstKpps" integer, "minKbps" integer, "dscpMark" smallint, description text)`,
  );
}

async function updateRules({ em }: Write, updates: RulePlan<QosRule>['update']): Promise<void> {
  if (updates.length === 0) return;
  const rows = updates.map(({ rule, wanted }) => ({
    id: rule.id,
    description: wanted.description,
    ...wanted.limits,
  }));
  await query(
    em,
    sql`
      update qos_rules r set max_kbps = x."maxKbps", max_burst_kbps = x."maxBurstKbps", max_kpps = x."maxKpps",
        max_burst_kpps = x."maxBurstKpps", min_kbps = x."minKbps", dscp_mark = x."dscpMark",
        description = x.description, version = r.version + 1, updated_at = clock_timestamp()
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x (id uuid, "maxKbps" integer,
        "maxBurstKbps" integer, "maxKpps" integer, "maxBurstKpps" integer, "minKbps" integer,
        "dscpMark" smallint, description text)
      where r.id = x.id`,
  );
}

async function removeRules({ em }: Write, rules: readonly QosRule[]): Promise<void> {
  if (rules.length === 0) return;
  await query(em, sql`delete from qos_rules where id = any (${rules.map(({ id }) => id)}::uuid[])`);
}

async function rulesWanted(
  { em }: Write,
  wanted: readonly WantedRule[],
): Promise<Map<string, QosRule>> {
  const portIds = [...new Set(wanted.map(({ portId }) => portId))];
  const rules = await readRules(em, sql`port_id = any (${portIds}::uuid[])`);
  return new Map(rules.map((rule) => [ruleKey(rule), rule]));
}

async function tell(
  write: Write,
  plan: RulePlan<QosRule>,
  rules: ReadonlyMap<string, QosRule>,
): Promise<void> {
  const changes = [
    ...plan.create.map((wanted) => ({
      type: 'CREATED' as const,
      before: null,
      after: rules.get(ruleKey(wanted)),
    })),
    ...plan.update.map(({ rule }) => ({
      type: 'UPDATED' as const,
      before: rule,
      after: rules.get(ruleKey(rule)),
    })),
    ...plan.remove.map((rule) => ({ type: 'DELETED' as const, before: rule, after: undefined })),
  ];
  const entries = changes.flatMap(({ type, before, after }) => {
    const rule = after ?? before;
    if (!rule) return [];
    write.rules.push(ruleNotice(type, rule));
    return [
      {
        action: `qosRule.${type.toLowerCase()}`,
        objectId: rule.id,
        tenantId: rule.tenantId,
        before: before && auditedRule(before),
        after: after ? auditedRule(after) : null,
      },
    ];
  });
  await audit(write, entries);
}
