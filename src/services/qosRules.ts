import { randomUUID } from 'node:crypto';
import { type Actor, requireRole } from '../domain/actor.ts';
import { conflict, refuseIfAny } from '../domain/errors.ts';
import { limitFaults } from '../domain/ranges.ts';
import { sameContent } from '../domain/rulePlan.ts';
import type { QosRule } from '../entities/QosRule.ts';
import { portNetwork, ruleTenant } from './portOwnership.ts';
import {
  type CreateQosRuleInput,
  limitsOf,
  patchedLimits,
  textFaults,
  type UpdateQosRuleInput,
} from './ruleInput.ts';
import { readExpected, readPlace } from './ruleReads.ts';
import { changeRule, insertRule, removeRule, untilWritten } from './ruleWrites.ts';
import type { Services } from './services.ts';

/** Makes the rule of one direction of a port. CONFLICT where there is one already. */
export async function createQosRule(
  services: Services,
  actor: Actor,
  input: CreateQosRuleInput,
): Promise<QosRule> {
  requireRole(actor, ['admin', 'member'], 'Making a rule');
  const limits = limitsOf(input);
  refuseIfAny([...textFaults(input), ...limitFaults(limits, input.direction)]);
  const { portId, direction, description = null } = input;

  return untilWritten(async () => {
    const { port, taken } = await readPlace(services, portId, direction);
    const tenantId = ruleTenant(actor, portId, port, input);
    const networkId = portNetwork(portId, port, input);
    if (taken) {
      throw conflict(
        `Port ${portId} already has a rule for ${direction}: update that one.`,
        'direction',
      );
    }
    const owner = { id: randomUUID(), tenantId, networkId, portId, direction };
    const now = new Date();
    const rule = { ...owner, ...limits, description, version: 1, createdAt: now, updatedAt: now };
    return insertRule(services, actor, rule, port);
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

  return untilWritten(async () => {
    const rule = await readExpected(services, actor, input);
    const limits = patchedLimits(rule, input);
    const description = input.description === undefined ? rule.description : input.description;
    refuseIfAny(limitFaults(limits, rule.direction));
    if (sameContent(rule, limits, description)) return rule;
    return changeRule(services, actor, rule, {
      ...rule,
      ...limits,
      description,
      version: rule.version + 1,
    });
  });
}

/** Deletes the rule; every host that has its port is told. */
export async function deleteQosRule(
  services: Services,
  actor: Actor,
  input: { readonly id: string; readonly expectedVersion?: number | null | undefined },
): Promise<string> {
  requireRole(actor, ['admin', 'member'], 'Deleting a rule');
  const { id } = await untilWritten(async () =>
    removeRule(services, actor, await readExpected(services, actor, input)),
  );
  return id;
}
