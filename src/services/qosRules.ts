import { randomUUID } from 'node:crypto';
import { raw } from '@mikro-orm/postgresql';
import { type Actor, requireRole, visibleTenant } from '../domain/actor.ts';
import { conflict, notFound, refuseIfAny } from '../domain/errors.ts';
import { limitFaults } from '../domain/ranges.ts';
import { sameContent } from '../domain/rulePlan.ts';
import { QosRule } from '../entities/QosRule.ts';
import { audit } from './audit.ts';
import { lockPorts, touchPorts } from './locks.ts';
import { portNetwork, ruleTenant } from './portOwnership.ts';
import { fillPorts } from './registerPorts.ts';
import {
  auditedRule,
  type CreateQosRuleInput,
  limitsOf,
  patchedLimits,
  ruleNotice,
  textFaults,
  type UpdateQosRuleInput,
} from './ruleInput.ts';
import type { Services } from './services.ts';
import { inTransaction, type Write } from './write.ts';

/** Makes the rule of one direction of a port. CONFLICT where there is one already. */
export async function createQosRule(
  services: Services,
  actor: Actor,
  input: CreateQosRuleInput,
): Promise<QosRule> {
  requireRole(actor, ['admin', 'member'], 'Making a rule');
  const limits = limitsOf(input);
  refuseIfAny([...textFaults(input), ...limitFaults(limits, input.direction)]);
  const { portId, direction } = input;

  return inTransaction(services, actor, async (write) => {
    const port = (await lockPorts(write, [portId], { register: actor.role === 'admin' })).get(
      portId,
    );
    const tenantId = ruleTenant(actor, portId, port, input);
    const networkId = portNetwork(portId, port, input);
    if (await write.em.findOne(QosRule, { portId, direction })) {
      throw conflict(
        `Port ${portId} already has a rule for ${direction}: update that one.`,
        'direction',
      );
    }
    await fillPorts(write, [{ id: portId, tenantId, networkId, name: null }]);
    const rule = write.em.create(QosRule, {
      ...limits,
      id: randomUUID(),
      tenantId,
      networkId,
      portId,
      direction,
      description: input.description ?? null,
      version: 1,
    });
    await write.em.persist(rule).flush();
    await ruleChanged(write, 'CREATED', null, rule);
    return rule;
  });
}

/** Changes the fields that the input names. A change that changes nothing keeps the version. */
export async function updateQosRule(
  services: Services,
  actor: Actor,
  input: UpdateQosRuleInput,
): Promise<QosRule> {
  requireRole(actor, ['admin', 'member'], 'Changing a rule');
  refuseIfAny(textFaults(input));

  return inTransaction(services, actor, async (write) => {
    const rule = await lockRule(write, input);
    const limits = patchedLimits(rule, input);
    const description = input.description === undefined ? rule.description : input.description;
    refuseIfAny(limitFaults(limits, rule.direction));
    if (sameContent(rule, limits, description ?? null)) return rule;

    const before = auditedRule(rule);
    Object.assign(rule, limits, { description, version: rule.version + 1 });
    rule.updatedAt = raw<Date>('clock_timestamp()');
    await write.em.flush();
    await ruleChanged(write, 'UPDATED', before, rule);
    return rule;
  });
}

/** Deletes the rule; every host that has its port is told. */
export async function deleteQosRule(
  services: Services,
  actor: Actor,
  input: { readonly id: string; readonly expectedVersion?: number | null | undefined },
): Promise<string> {
  requireRole(actor, ['admin', 'member'], 'Deleting a rule');
  return inTransaction(services, actor, async (write) => {
    const rule = await lockRule(write, input);
    await write.em.remove(rule).flush();
    await ruleChanged(write, 'DELETED', auditedRule(rule), rule);
    return input.id;
  });
}

/** The rule, read under its port's lock, with the version that the caller expects. */
async function lockRule(
  write: Write,
  {
    id,
    expectedVersion,
  }: { readonly id: string; readonly expectedVersion?: number | null | undefined },
): Promise<QosRule> {
  const tenantId = visibleTenant(write.actor);
  const where = tenantId === null ? { id } : { id, tenantId };
  // A rule's port never changes: this first look only tells which one to lock.
  const [found] = await write.em.find(QosRule, where, {
    fields: ['portId'],
    disableIdentityMap: true,
  });
  if (!found) throw notFound('rule', id, 'id');
  await lockPorts(write, [found.portId], { register: false });
  const rule = await write.em.findOne(QosRule, where);
  if (!rule) throw notFound('rule', id, 'id');
  if (expectedVersion != null && expectedVersion !== rule.version) {
    throw conflict(
      `Rule ${id} is at version ${rule.version}, not ${expectedVersion}: read it again and decide anew.`,
      'expectedVersion',
    );
  }
  return rule;
}

async function ruleChanged(
  write: Write,
  type: 'CREATED' | 'UPDATED' | 'DELETED',
  before: object | null,
  rule: QosRule,
): Promise<void> {
  await touchPorts(write, [rule.portId]);
  const after = type === 'DELETED' ? null : auditedRule(rule);
  const action = `qosRule.${type.toLowerCase()}`;
  await audit(write, [{ action, objectId: rule.id, tenantId: rule.tenantId, before, after }]);
  write.rules.push(ruleNotice(type, rule));
}
