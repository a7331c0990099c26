import { sql } from 'kysely';
import { type Prepared, runPrepared } from '../db/prepared.ts';
import { query } from '../db/query.ts';
import { isDeadlock } from '../db/sqlState.ts';
import { type Actor, visibleTenant } from '../domain/actor.ts';
import { refuse } from '../domain/errors.ts';
import { overQuota } from '../domain/quota.ts';
import { type LimitField, type Limits, limitFields } from '../domain/ranges.ts';
import type { QosRule } from '../entities/QosRule.ts';
import { actorText } from './audit.ts';
import type { LockedPort } from './locks.ts';
import { auditedRule, type LimitsInput, ruleNotice, type UpdateQosRuleInput } from './ruleInput.ts';
import { bindingDefault } from './ruleQuota.ts';
import type { Services } from './services.ts';

/** Each of these is one round trip and one transaction (migrations 50 and 20). */

interface Created {
  created_at: string;
  hosts: string[];
  max_rules: null;
}

interface RefusedByQuota {
  used: number;
  max_rules: number;
}

/** Writes a rule that was decided on when its port was as `seen`. Null: it is not so any more. */
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
  const entry = {
    actor: actorText(actor),
    address: actor.address ?? null,
    action: 'qosRule.created',
    objectId: id,
    tenantId,
    before: null,
    after: auditedRule(rule),
  };
  const startedAtMs = performance.now();
  const [written] = await query(
    services.emFor(actor),
    sql<Created | RefusedByQuota>`
      select * from sluice_create_rule(${JSON.stringify(row)}::jsonb, ${seen?.tenantId ?? null},
        ${seen?.networkId ?? null}, ${actor.role === 'admin'}, ${JSON.stringify(entry)}::jsonb,
        ${bindingDefault(services, actor)})`,
  );
  if (!written) return null;
  if (written.max_rules !== null) {
    throw overQuota(tenantId, 1, { used: written.used, maxRules: written.max_rules });
  }
  const at = new Date(written.created_at);
  const created = { ...rule, createdAt: at, updatedAt: at };
  ring(services, 'CREATED', written.hosts, created, startedAtMs);
  return created;
}

/** The rule as a write left it, and whether that write changed it. */
export interface RuleChange {
  readonly rule: QosRule;
  readonly changed: boolean;
}

interface ChangeRow {
  rule: Omit<QosRule, 'createdAt' | 'updatedAt'> & { createdAt: string; updatedAt: string };
  changed: boolean;
  hosts: string[];
}

const updateRule: Prepared = {
  name: 'update rule',
  text: 'select rule, changed, hosts from sluice_update_rule($1, $2, $3, $4, $5, $6)',
};

/**
 * Patches the rule, unless it is at another version than expected or the patch changes nothing. Null:
 * the caller sees no such rule. Rejects with a CHECK's violation where the patched rule would not do.
 */
export async function patchRule(
  services: Services,
  actor: Actor,
  patch: UpdateQosRuleInput,
): Promise<RuleChange | null> {
  const { id, expectedVersion = null, description } = patch;
  const columns = JSON.stringify({ ...columnsOf(patch), description });
  const tenantId = visibleTenant(actor);
  const values = [id, tenantId, expectedVersion, columns, actorText(actor), actor.address ?? null];
  return change(services, actor, 'UPDATED', updateRule, values);
}

const deleteRule: Prepared = {
  name: 'delete rule',
  text: 'select rule, changed, hosts from sluice_delete_rule($1, $2, $3, $4, $5)',
};

/** Deletes the rule, unless it is at another version than expected. Null: the caller sees no such rule. */
export async function removeRule(
  services: Services,
  actor: Actor,
  { id, expectedVersion = null }: Pick<UpdateQosRuleInput, 'id' | 'expectedVersion'>,
): Promise<RuleChange | null> {
  const { address = null } = actor;
  const values = [id, visibleTenant(actor), expectedVersion, actorText(actor), address];
  return change(services, actor, 'DELETED', deleteRule, values);
}

async function change(
  services: Services,
  actor: Actor,
  type: 'UPDATED' | 'DELETED',
  statement: Prepared,
  values: readonly unknown[],
): Promise<RuleChange | null> {
  const startedAtMs = performance.now();
  const [row] = await runPrepared<ChangeRow>(services.emFor(actor), statement, values);
  if (!row) return null;
  const { rule: read, changed, hosts } = row;
  const [createdAt, updatedAt] = [new Date(read.createdAt), new Date(read.updatedAt)];
  const rule = { ...read, createdAt, updatedAt };
  if (changed) ring(services, type, hosts, rule, startedAtMs);
  return { rule, changed };
}

const maxAttempts = 10;

/** Tries until nobody came between: null from `attempt` asks for another one. */
export async function untilWritten<T>(attempt: () => Promise<T | null>): Promise<T> {
  for (let attempts = 1; attempts <= maxAttempts; attempts += 1) {
    try {
      const written = await attempt();
      if (written) return written;
    } catch (error) {
      // The lock order leaves no deadlock among our own; an operator's session may still cause one.
      if (!isDeadlock(error) || attempts === maxAttempts) throw error;
    }
  }
  throw refuse('UNAVAILABLE', 'The rule kept changing meanwhile: try again.');
}

/** After the commit, never before (invariant 4). */
function ring(
  { doorbell, switchboard }: Services,
  type: 'CREATED' | 'UPDATED' | 'DELETED',
  hosts: readonly string[],
  rule: QosRule,
  startedAtMs: number,
): void {
  if (hosts.length > 0) switchboard.stages.committed(startedAtMs);
  doorbell.ring({ hosts, rules: [ruleNotice(type, rule)], agents: [] });
}

const columnNames = {
  maxKbps: 'max_kbps',
  maxBurstKbps: 'max_burst_kbps',
  maxKpps: 'max_kpps',
  maxBurstKpps: 'max_burst_kpps',
  minKbps: 'min_kbps',
  dscpMark: 'dscp_mark',
} as const satisfies Record<LimitField, string>;

const columnsOf = (limits: LimitsInput | Limits) =>
  Object.fromEntries(limitFields.map((field) => [columnNames[field], limits[field]]));
