import type { QosRule } from '../entities/QosRule.ts';
import { builder } from './builder.ts';
import { DirectionEnum } from './enums.ts';
import { limitFields } from './limits.ts';
import { bindingsOfRule } from './loaders.ts';
import { QosAgentBindingRef } from './qosAgentBinding.ts';

export const QosRuleRef = builder.objectRef<QosRule>('QosRule').implement({
  description:
    'How one direction of one port is limited or marked. One rule per port and direction.',
  fields: (t) => ({
    id: t.expose('id', { type: 'UUID', description: "The rule's id." }),
    tenantId: t.exposeString('tenantId', { description: 'Whose rule it is.' }),
    networkId: t.expose('networkId', {
      type: 'UUID',
      nullable: true,
      description: "The port's network, where one is known.",
    }),
    portId: t.expose('portId', { type: 'UUID', description: 'The port that it is for.' }),
    direction: t.expose('direction', {
      type: DirectionEnum,
      description: "Which of the port's directions it is for.",
    }),
    ...limitFields(t),
    description: t.exposeString('description', {
      nullable: true,
      description: "The rule's own words.",
    }),
    version: t.exposeInt('version', {
      description:
        'Grows by one with every update: pass it as expectedVersion to refuse a lost update.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it last changed.' }),
    bindings: t.field({
      type: [QosAgentBindingRef],
      description:
        'Where this rule is to be enforced and how far it got: one entry per host that has the port.',
      resolve: ({ id }, _args, context) => bindingsOfRule(context).load(id),
    }),
  }),
});
