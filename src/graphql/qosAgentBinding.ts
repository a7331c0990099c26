import type { ProgrammedLimit, QosAgentBinding } from '../entities/QosAgentBinding.ts';
import { listQosAgentBindings } from '../services/qosAgentBindings.ts';
import { builder } from './builder.ts';
import { BindingStatusEnum, DirectionEnum } from './enums.ts';
import type { ListOrder } from './listCursor.ts';
import { stateOfHost, usageOfBinding } from './loaders.ts';
import { connectionOf, pageOf } from './paging.ts';
import { UsageRef } from './usage.ts';

/** What was programmed, in words that an input and an output share. */
export const programmedDescriptions = {
  mechanism: 'ingress_policing, linux_htb, openflow_meter, …',
  maxKbps: 'Kilobits (1000 bit) per second.',
  maxBurstKbps: 'Kilobits (1000 bit).',
  maxKpps: 'Thousand packets per second.',
  maxBurstKpps: 'Thousand packets.',
  minKbps: 'Guaranteed kilobits (1000 bit) per second.',
  dscpMark: 'The mark in the IP header.',
} as const;

const ProgrammedLimitRef = builder.objectRef<ProgrammedLimit>('ProgrammedLimit').implement({
  description: 'What the switch was told, in its own terms.',
  fields: (t) => {
    const number = (name: Exclude<keyof ProgrammedLimit, 'mechanism'>) =>
      t.int({
        nullable: true,
        description: programmedDescriptions[name],
        resolve: (programmed) => programmed[name] ?? null,
      });
    return {
      mechanism: t.exposeString('mechanism', { description: programmedDescriptions.mechanism }),
      maxKbps: number('maxKbps'),
      maxBurstKbps: number('maxBurstKbps'),
      maxKpps: number('maxKpps'),
      maxBurstKpps: number('maxBurstKpps'),
      minKbps: number('minKbps'),
      dscpMark: number('dscpMark'),
    };
  },
});

export const QosAgentBindingRef = builder.objectRef<QosAgentBinding>('QosAgentBinding');

QosAgentBindingRef.implement({
  description: 'What is asked of one direction of a port on one host, and how far it got.',
  fields: (t) => ({
    portId: t.expose('portId', { type: 'UUID', description: 'The port.' }),
    direction: t.expose('direction', { type: DirectionEnum, description: 'Its direction.' }),
    host: t.exposeString('host', { description: 'The host that has the port.' }),
    ruleId: t.expose('ruleId', {
      type: 'UUID',
      description:
        "The rule that asks; `rule` is null where the caller may not see it or it is no rule of the port's own.",
    }),
    status: t.expose('status', { type: BindingStatusEnum, description: 'How far it got.' }),
    stale: t.boolean({
      description: 'The agent is not alive: `status` is the last that it said.',
      resolve: async ({ agentId, host }, _args, context) =>
        agentId !== null && !(await stateOfHost(context).load(host))?.alive,
    }),
    message: t.exposeString('message', {
      nullable: true,
      description: "The agent's words to its status.",
    }),
    programmed: t.expose('programmed', {
      type: ProgrammedLimitRef,
      nullable: true,
      description: 'What the switch was told, read back from it.',
    }),
    requestedAt: t.expose('requestedAt', {
      type: 'DateTime',
      description: 'When the desired state last changed.',
    }),
    appliedAt: t.expose('appliedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the agent last confirmed it.',
    }),
    usage: t.field({
      type: UsageRef,
      nullable: true,
      description:
        'What the limit let pass and dropped. Null until the agent has said so, and where nothing counts.',
      resolve: (binding, _args, context) => usageOfBinding(context).load(binding),
    }),
  }),
});

const QosAgentBindingFilter = builder.inputType('QosAgentBindingFilter', {
  description:
    'Every field that is given must hold; a list holds if one of its values does. At most 500 values a list.',
  fields: (t) => ({
    qosRuleId: t.field({ type: ['UUID'], description: 'Asked by one of these rules.' }),
    agentId: t.field({ type: ['UUID'], description: 'For one of these agents.' }),
    host: t.stringList({ description: 'On one of these hosts.' }),
    status: t.field({ type: [BindingStatusEnum], description: 'With one of these statuses.' }),
  }),
});

export const QosAgentBindingConnection = builder.connectionObject(
  {
    type: QosAgentBindingRef,
    name: 'QosAgentBindingConnection',
    description: 'A page of rules on hosts.',
  },
  { name: 'QosAgentBindingEdge', description: 'A rule on a host, in a page.' },
);

const order: ListOrder = [
  ['ruleId', 'uuid'],
  ['host', 'text'],
];

builder.queryField('qosAgentBindings', (t) =>
  t.connection(
    {
      type: QosAgentBindingRef,
      description: 'Rules on hosts, by rule and host.',
      args: {
        filter: t.arg({ type: QosAgentBindingFilter, description: 'Which; all without it.' }),
      },
      resolve: async (_root, { filter, ...page }, { services, actor }, info) =>
        connectionOf(
          await listQosAgentBindings(services, actor, filter ?? {}, pageOf(page, order, info)),
          order,
        ),
    },
    QosAgentBindingConnection,
  ),
);
