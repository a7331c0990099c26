import type { QosRule } from '../entities/QosRule.ts';
import { createQosRule, deleteQosRule, updateQosRule } from '../services/qosRules.ts';
import { builder } from './builder.ts';
import { DirectionEnum } from './enums.ts';
import { limitInputs } from './limits.ts';
import { QosRuleRef } from './qosRule.ts';

export const CreateQosRuleInput = builder.inputType('CreateQosRuleInput', {
  description: 'A rule to make. At least one of maxKbps, maxKpps, minKbps and dscpMark is needed.',
  fields: (t) => ({
    tenantId: t.string({
      description: `Left out: the port's tenant, else the caller's, else BAD_USER_INPUT. Only an administrator names another tenant,
or makes a rule for a port that is not registered or has no tenant (which registers it).`,
    }),
    networkId: t.field({
      type: 'UUID',
      description: "Left out: the registered port's. Given and different from it: CONFLICT.",
    }),
    portId: t.field({ type: 'UUID', required: true, description: 'The port to limit or mark.' }),
    direction: t.field({
      type: DirectionEnum,
      required: true,
      defaultValue: 'EGRESS',
      description: "Which of the port's directions.",
    }),
    ...limitInputs(t),
    description: t.string({ description: 'Words of your own, at most 255 characters.' }),
  }),
});

const expectedVersion = 'The version that was read: another one by now is CONFLICT.';

const UpdateQosRuleInput = builder.inputType('UpdateQosRuleInput', {
  description:
    'Absent: unchanged; null: cleared. tenantId, networkId, portId and direction never change.',
  fields: (t) => ({
    id: t.field({ type: 'UUID', required: true, description: 'The rule to change.' }),
    expectedVersion: t.int({ description: expectedVersion }),
    ...limitInputs(t),
    description: t.string({ description: 'Words of your own, at most 255 characters.' }),
  }),
});

const DeleteQosRuleInput = builder.inputType('DeleteQosRuleInput', {
  description: 'A rule to delete.',
  fields: (t) => ({
    id: t.field({ type: 'UUID', required: true, description: 'The rule to delete.' }),
    expectedVersion: t.int({ description: expectedVersion }),
  }),
});

interface RulePayload {
  readonly qosRule: QosRule;
}

const CreateQosRulePayload = builder.objectRef<RulePayload>('CreateQosRulePayload').implement({
  description: 'What createQosRule answers.',
  fields: (t) => ({
    qosRule: t.expose('qosRule', { type: QosRuleRef, description: 'The rule that was made.' }),
  }),
});

const UpdateQosRulePayload = builder.objectRef<RulePayload>('UpdateQosRulePayload').implement({
  description: 'What updateQosRule answers.',
  fields: (t) => ({
    qosRule: t.expose('qosRule', { type: QosRuleRef, description: 'The rule as it is now.' }),
  }),
});

const DeleteQosRulePayload = builder
  .objectRef<{ readonly deletedId: string }>('DeleteQosRulePayload')
  .implement({
    description: 'What deleteQosRule answers.',
    fields: (t) => ({
      deletedId: t.expose('deletedId', { type: 'UUID', description: 'The rule that is gone.' }),
    }),
  });

builder.mutationFields((t) => ({
  createQosRule: t.field({
    type: CreateQosRulePayload,
    description: 'Makes the rule of one direction of a port. CONFLICT where there is one.',
    args: { input: t.arg({ type: CreateQosRuleInput, required: true, description: 'The rule.' }) },
    resolve: async (_root, { input }, { services, actor }) => ({
      qosRule: await createQosRule(services, actor, input),
    }),
  }),
  updateQosRule: t.field({
    type: UpdateQosRulePayload,
    description: 'Changes what the input names. A change that changes nothing keeps the version.',
    args: {
      input: t.arg({ type: UpdateQosRuleInput, required: true, description: 'The change.' }),
    },
    resolve: async (_root, { input }, { services, actor }) => ({
      qosRule: await updateQosRule(services, actor, input),
    }),
  }),
  deleteQosRule: t.field({
    type: DeleteQosRulePayload,
    description: 'Deletes a rule: its limit is removed on every host.',
    args: {
      input: t.arg({ type: DeleteQosRuleInput, required: true, description: 'Which rule.' }),
    },
    resolve: async (_root, { input }, { services, actor }) => ({
      deletedId: await deleteQosRule(services, actor, input),
    }),
  }),
}));
