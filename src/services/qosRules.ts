import { randomUUID } from 'node:crypto';
import { isCheckViolation } from '../db/sqlState.ts';
import { type Actor, requireRole } from '../domain/actor.ts';
import { conflict, notFound, refuseIfAny } from '../domain/errors.ts';
import { limitFaults, limitFields, rangeFaults } from '../domain/ranges.ts';
import type { QosRule } from '../entities/QosRule.ts';
import { portNetwork, ruleTenant } from './portOwnership.ts';
import { getQosRule } from './qosRuleList.ts';
import {
  type CreateQosRuleInput,
  limitsOf,
  patchedLimits,
  textFaults,
  type UpdateQosRuleInput,
} from './ruleInput.ts';
import { readPlace } from './rulePlace.ts';
import { insertRule, patchRule, removeRule, untilWritten } from './ruleWrites.ts';
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
    const { port, taken } = await readPlace(services, actor, portId, direction);
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
  const isInRange = limitFields.every(
    (field) => rangeFaults(field, input[field] ?? null).length === 0,
  );
  const { rule, changed } = await untilWritten(async () => {
    const change = isInRange ? await patchIfAllowed(services, actor, input) : 'not allowed';
    if (change !== 'not allowed') return change ?? refuseUnknown(input.id);
    await refusePatch(services, actor, input);
    return null;
  });
  if (!changed) refuseOtherVersion(rule, input.expectedVersion);
  return rule;
}

/** Writes first: the database judges what is written by the domain's own ranges. */
async function patchIfAllowed(services: Services, actor: Actor, input: UpdateQosRuleInput) {
  try {
    return await patchRule(services, actor, input);
  } catch (error) {
    if (isCheckViolation(error)) return 'not allowed' as const;
    throw error;
  }
}

/** Says what is wrong with the rule that the input would leave; nothing, where the rule changed meanwhile. */
async function refusePatch(
  services: Services,
  actor: Actor,
  input: UpdateQosRuleInput,
): Promise<void> {
  const rule = (await getQosRule(services, actor, input.id)) ?? refuseUnknown(input.id);
  refuseOtherVersion(rule, input.expectedVersion);
  refuseIfAny(limitFaults(patchedLimits(rule, input), rule.direction));
}

/** Deletes the rule; every host that has its port is told. */
export async function deleteQosRule(
  services: Services,
  actor: Actor,
  input: { readonly id: string; readonly expectedVersion?: number | null | undefined },
): Promise<string> {
  requireRole(actor, ['admin', 'member'], 'Deleting a rule');
  const { rule, changed } = await untilWritten(
    async () => (await removeRule(services, actor, input)) ?? refuseUnknown(input.id),
  );
  if (!changed) refuseOtherVersion(rule, input.expectedVersion);
  return rule.id;
}

function refuseUnknown(id: string): never {
  throw notFound('rule', id, 'id');
}

function refuseOtherVersion(
  { id, version }: QosRule,
  expectedVersion: number | null | undefined,
): void {
  if (expectedVersion == null || expectedVersion === version) return;
  throw conflict(
    `Rule ${id} is at version ${version}, not ${expectedVersion}: read it again and decide anew.`,
    'expectedVersion',
  );
}
