import type { Port } from '../entities/Port.ts';
import { getPort, listPorts } from '../services/ports.ts';
import { builder } from './builder.ts';
import type { ListOrder } from './listCursor.ts';
import { bindingsOfPort, rulesOfPort } from './loaders.ts';
import { connectionOf, pageOf } from './paging.ts';
import { PortBindingRef } from './portBinding.ts';
import { QosRuleRef } from './qosRule.ts';

export const PortRef = builder.objectRef<Port>('Port').implement({
  description:
    'A port that a rule may name. Registered by an administrator, or learnt from an agent that sees it plugged.',
  fields: (t) => ({
    id: t.expose('id', { type: 'UUID', description: "The port's id." }),
    tenantId: t.exposeString('tenantId', { nullable: true, description: 'Whose port it is.' }),
    networkId: t.expose('networkId', {
      type: 'UUID',
      nullable: true,
      description: 'The network that it is on.',
    }),
    name: t.exposeString('name', {
      nullable: true,
      description: "An administrator's name for it.",
    }),
    bindings: t.field({
      type: [PortBindingRef],
      description: 'The hosts that have it, or are about to.',
      args: {
        includeRemoved: t.arg.boolean({
          required: true,
          defaultValue: false,
          description: 'Those that have ended too, as long as they are kept.',
        }),
      },
      resolve: async ({ id }, { includeRemoved }, context) => {
        const bindings = await bindingsOfPort(context).load(id);
        return bindings.filter(({ removedAt }) => includeRemoved || removedAt === null);
      },
    }),
    rules: t.field({
      type: [QosRuleRef],
      description: 'Its rules: at most one a direction.',
      resolve: ({ id }, _args, context) => rulesOfPort(context).load(id),
    }),
  }),
});

const PortFilter = builder.inputType('PortFilter', {
  description:
    'Every field that is given must hold; a list holds if one of its values does. At most 500 values a list.',
  fields: (t) => ({
    id: t.field({ type: ['UUID'], description: 'One of these ports.' }),
    tenantId: t.stringList({ description: 'Of one of these tenants.' }),
    networkId: t.field({ type: ['UUID'], description: 'On one of these networks.' }),
    host: t.stringList({ description: 'On one of these hosts.' }),
  }),
});

const PortConnection = builder.connectionObject(
  { type: PortRef, name: 'PortConnection', description: 'A page of ports.' },
  { name: 'PortEdge', description: 'A port in a page.' },
);

const order: ListOrder = [['id', 'uuid']];

builder.queryFields((t) => ({
  port: t.field({
    type: PortRef,
    nullable: true,
    description: 'One port; null where there is none that the caller may see.',
    args: { id: t.arg({ type: 'UUID', required: true, description: "The port's id." }) },
    resolve: (_root, { id }, { services, actor }) => getPort(services, actor, id),
  }),
  ports: t.connection(
    {
      type: PortRef,
      description: 'The ports that the caller may see, in order of their ids.',
      args: { filter: t.arg({ type: PortFilter, description: 'Which; all without it.' }) },
      resolve: async (_root, { filter, ...page }, { services, actor }, info) =>
        connectionOf(
          await listPorts(services, actor, filter ?? {}, pageOf(page, order, info)),
          order,
        ),
    },
    PortConnection,
  ),
}));
