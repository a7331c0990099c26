import { sql } from 'kysely';
import { query } from '../db/query.ts';
import { type Actor, requireRole } from '../domain/actor.ts';
import { badInput, type Fault, forbidden, Refused, refuse, refuseIfAny } from '../domain/errors.ts';
import { planRules, type WantedRule } from '../domain/rulePlan.ts';
import type { QosRule } from '../entities/QosRule.ts';
import { type ApplyQosRulesInput, applyFaults } from './applyInput.ts';
import { type LockedPort, lockPorts } from './locks.ts';
import { foreignTenant, portNetwork, ruleTenant } from './portOwnership.ts';
import { fillPorts } from './registerPorts.ts';
import { carryOut } from './ruleBulk.ts';
import { limitsOf } from './ruleInput.ts';
import { refuseOverQuota } from './ruleQuota.ts';
import { readRules } from './ruleRows.ts';
import type { Services } from './services.ts';
import { inTransaction, type Write } from './write.ts';

export interface Applied {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly deleted: number;
  readonly qosRules: readonly QosRule[];
}

const maxAttempts = 10;

/** Which of a tenant's rules a prune may delete. */
interface PruneScope {
  readonly tenantId: string;
  readonly networkIds: readonly string[] | null;
}

/** Upserts by (portId, direction) and, with `prune`, deletes the tenant's others, in one transaction: all or nothing. */
export async function applyQosRules(
  services: Services,
  actor: Actor,
  input: ApplyQosRulesInput,
): Promise<Applied> {
  requireRole(actor, ['admin', 'member'], 'Applying rules');
  const scope = input.prune
    ? { tenantId: pruneTenant(actor, input), networkIds: input.pruneNetworkIds ?? null }
    : null;
  refuseIfAny(applyFaults(input));
  try {
    // Begins anew when a rule to prune appeared on a port that was not locked.
    for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
      const portIds = await portsConcerned(services, actor, input, scope);
      const applied = await inTransaction(services, actor, (write) =>
        applyLocked(services, write, input, scope, portIds),
      );
      if (applied) return applied;
    }
    throw refuse('UNAVAILABLE', 'The rules to prune kept changing meanwhile: try again.');
  } catch (error) {
    if (error instanceof DryRun) return error.applied;
    throw error;
  }
}

/** Thrown to roll back what was only to be reported. */
class DryRun extends Error {
  override readonly name = 'DryRun';
  readonly applied: Applied;

  constructor(applied: Applied) {
    super('A dry run is rolled back.');
    this.applied = applied;
  }
}

/** Whose rules a caller may prune is its own tenant's, whatever it names; an administrator names one. */
function pruneTenant(actor: Actor, { tenantId }: ApplyQosRulesInput): string {
  if (actor.role === 'agent') throw forbidden('An agent may not apply rules.');
  if (actor.role !== 'admin') {
    if (tenantId && tenantId !== actor.tenantId) throw foreignTenant(actor.tenantId, 'tenantId');
    return actor.tenantId;
  }
  if (!tenantId) throw badInput('tenantId', 'To prune, an administrator must name the tenant.');
  return tenantId;
}

/** The ports to lock: those named, and those whose rules may be pruned, as far as is known before locking. */
async function portsConcerned(
  { emFor }: Services,
  actor: Actor,
  { rules }: ApplyQosRulesInput,
  scope: PruneScope | null,
): Promise<Set<string>> {
  const named = rules.map(({ portId }) => portId);
  if (!scope) return new Set(named);
  const rows = await query(
    emFor(actor),
    sql<{ portId: string }>`
      select distinct port_id as "portId" from qos_rules where tenant_id = ${scope.tenantId}
        and (${scope.networkIds}::uuid[] is null or network_id = any (${scope.networkIds}::uuid[]))`,
  );
  return new Set([...named, ...rows.map(({ portId }) => portId)]);
}

/** Undefined: a rule to prune is on a port that is not locked. */
async function applyLocked(
  services: Services,
  write: Write,
  input: ApplyQosRulesInput,
  scope: PruneScope | null,
  portIds: ReadonlySet<string>,
): Promise<Applied | undefined> {
  const ports = await lockPorts(write, [...portIds], { register: write.actor.role === 'admin' });
  const wanted = placeRules(write.actor, input, ports);
  const present = await presentRules(write, portIds, scope);
  if (present.some(({ portId }) => !portIds.has(portId))) return undefined;

  const plan = planRules(wanted, present, (rule) => scope !== null && inScope(rule, scope));
  await refuseOverQuota(services, write, plan.create.length - plan.remove.length);
  const owners = wanted.map(({ portId, tenantId, networkId }) => ({
    id: portId,
    tenantId,
    networkId,
    name: null,
  }));
  await fillPorts(write, owners);
  const qosRules = await carryOut(write, plan, wanted);
  const applied = {
    created: plan.create.length,
    updated: plan.update.length,
    unchanged: plan.unchanged.length,
    deleted: plan.remove.length,
    qosRules,
  };
  if (input.dryRun) throw new DryRun(applied);
  return applied;
}

/** Finds each rule's tenant and network, naming every fault of the list at once. */
function placeRules(
  actor: Actor,
  { rules, tenantId: common }: ApplyQosRulesInput,
  ports: ReadonlyMap<string, LockedPort>,
): WantedRule[] {
  const known = new Map(ports);
  const faults: Fault[] = [];
  const wanted = rules.flatMap((rule, index): WantedRule[] => {
    const { portId, direction, description = null } = rule;
    const claim = { tenantId: rule.tenantId ?? common, networkId: rule.networkId };
    const port = known.get(portId);
    try {
      const tenantId = ruleTenant(actor, portId, port, claim, `rules[${index}].`);
      const networkId = portNetwork(portId, port, claim, `rules[${index}].`);
      // The other direction's rule must say the same of the port as this one.
      known.set(portId, { id: portId, name: null, ...port, tenantId, networkId });
      return [{ tenantId, networkId, portId, direction, limits: limitsOf(rule), description }];
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      faults.push(...error.faults);
      return [];
    }
  });
  refuseIfAny(faults);
  return wanted;
}

/** The rules on the locked ports and all that may be pruned: read after the locks (invariant 2). */
async function presentRules(
  { em }: Write,
  portIds: ReadonlySet<string>,
  scope: PruneScope | null,
): Promise<QosRule[]> {
  const onPorts = sql`port_id = any (${[...portIds]}::uuid[])`;
  if (!scope) return readRules(em, onPorts);
  const { tenantId, networkIds } = scope;
  const prunable = sql`tenant_id = ${tenantId}
    and (${networkIds}::uuid[] is null or network_id = any (${networkIds}::uuid[]))`;
  return readRules(em, sql`${onPorts} or ${prunable}`);
}

const inScope = (rule: QosRule, { tenantId, networkIds }: PruneScope): boolean =>
  rule.tenantId === tenantId &&
  (networkIds === null || (rule.networkId !== null && networkIds.includes(rule.networkId)));
