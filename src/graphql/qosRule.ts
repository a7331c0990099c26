import { dscpMarks } from '../domain/ranges.ts';
import type { QosRule } from '../entities/QosRule.ts';
import { builder } from './builder.ts';
import { DirectionEnum } from './enums.ts';
import { bindingsOfRule } from './loaders.ts';
import { QosAgentBindingRef } from './qosAgentBinding.ts';

/** What the limit fields mean, wherever they stand. */
export const limitDescriptions = {
  maxKbps: 'Kilobits (1000 bit) per second, 1 to 2147483647.',
  maxBurstKbps:
    "Kilobits (1000 bit). Null: the driver's default, 80 % of maxKbps and never under one packet.",
  maxKpps: 'Thousand packets per second, 1 to 4294967.',
  maxBurstKpps: 'Thousand packets.',
  minKbps: 'Guaranteed kilobits per second; INGRESS only where the driver says so.',
  dscpMark: `One of ${dscpMarks.join(', ')}. EGRESS only.`,
} as const;

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
    maxKbps: t.exposeInt('maxKbps', { nullable: true, description: limitDescriptions.maxKbps }),
    maxBurstKbps: t.exposeInt('maxBurstKbps', {
      nullable: true,
      description: limitDescriptions.maxBurstKbps,
    }),
    maxKpps: t.exposeInt('maxKpps', { nullable: true, description: limitDescriptions.maxKpps }),
    maxBurstKpps: t.exposeInt('maxBurstKpps', {
      nullable: true,
      description: limitDescriptions.maxBurstKpps,
    }),
    minKbps: t.exposeInt('minKbps', { nullable: true, description: limitDescriptions.minKbps }),
    dscpMark: t.exposeInt('dscpMark', { nullable: true, description: limitDescriptions.dscpMark }),
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
