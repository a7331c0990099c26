import { type Applied, applyQosRules } from '../services/applyQosRules.ts';
import { builder } from './builder.ts';
import { QosRuleRef } from './qosRule.ts';
import { CreateQosRuleInput } from './qosRuleMutations.ts';

const ApplyQosRulesInput = builder.inputType('ApplyQosRulesInput', {
  description:
    'Upserts by (portId, direction) in one transaction: all or nothing. A limit left out is cleared. At most 10,000 rules.',
  fields: (t) => ({
    rules: t.field({
      type: [CreateQosRuleInput],
      required: true,
      description: 'The rules that there shall be, one for a port and direction.',
    }),
    tenantId: t.string({
      description:
        'Whose rules these are; every rule must be of it. An administrator must name it to prune.',
    }),
    prune: t.boolean({
      required: true,
      defaultValue: false,
      description:
        "Also delete the tenant's other rules (only of the named networks, if given; an empty list is BAD_USER_INPUT).",
    }),
    pruneNetworkIds: t.field({ type: ['UUID'], description: 'Prune on these networks only.' }),
    dryRun: t.boolean({
      required: true,
      defaultValue: false,
      description: 'Report what would happen, change nothing.',
    }),
  }),
});

const ApplyQosRulesPayload = builder.objectRef<Applied>('ApplyQosRulesPayload').implement({
  description: 'What applyQosRules did, or would do.',
  fields: (t) => ({
    created: t.exposeInt('created', { description: 'How many rules are new.' }),
    updated: t.exposeInt('updated', { description: 'How many rules changed.' }),
    unchanged: t.exposeInt('unchanged', { description: 'How many rules were right already.' }),
    deleted: t.exposeInt('deleted', { description: 'How many other rules were pruned.' }),
    qosRules: t.field({
      type: [QosRuleRef],
      description: 'The rules of the input as they are now, in its order.',
      resolve: ({ qosRules }) => qosRules,
    }),
  }),
});

builder.mutationField('applyQosRules', (t) =>
  t.field({
    type: ApplyQosRulesPayload,
    description: 'Makes the rules be as listed, in one transaction.',
    args: { input: t.arg({ type: ApplyQosRulesInput, required: true, description: 'The rules.' }) },
    resolve: (_root, { input }, { services, actor }) => applyQosRules(services, actor, input),
  }),
);
