import { badInput } from '../domain/errors.ts';
import { getAgent, listAgents } from '../services/agents.ts';
import { AgentRef } from './agent.ts';
import { builder } from './builder.ts';
import type { ListOrder } from './listCursor.ts';
import { connectionOf, pageOf } from './paging.ts';

const AgentFilter = builder.inputType('AgentFilter', {
  description:
    'Every field that is given must hold; a list holds if one of its values does. At most 500 values a list.',
  fields: (t) => ({
    host: t.stringList({ description: 'On one of these hosts.' }),
    agentType: t.stringList({ description: 'Of one of these kinds.' }),
    adminStateUp: t.boolean({ description: 'In this administrative state.' }),
    alive: t.boolean({ description: 'Alive, or not.' }),
  }),
});

const AgentConnection = builder.connectionObject(
  { type: AgentRef, name: 'AgentConnection', description: 'A page of agents.' },
  { name: 'AgentEdge', description: 'An agent in a page.' },
);

const order: ListOrder = [['host', 'text']];

builder.queryFields((t) => ({
  agent: t.field({
    type: AgentRef,
    nullable: true,
    description:
      'One agent, by its id or its host; null where there is none that the caller may see.',
    args: {
      id: t.arg({ type: 'UUID', description: "The agent's id. Not with `host`." }),
      host: t.arg.string({ description: 'The host that it is on. Not with `id`.' }),
    },
    resolve: (_root, args, { services, actor }) => getAgent(services, actor, keyOf(args)),
  }),
  agents: t.connection(
    {
      type: AgentRef,
      description: 'The agents that the caller may see, in order of their hosts.',
      args: { filter: t.arg({ type: AgentFilter, description: 'Which; all without it.' }) },
      resolve: async (_root, { filter, ...page }, { services, actor }, info) =>
        connectionOf(
          await listAgents(services, actor, filter ?? {}, pageOf(page, order, info)),
          order,
        ),
    },
    AgentConnection,
  ),
}));

function keyOf({ id, host }: { id?: string | null | undefined; host?: string | null | undefined }) {
  if (id != null && host == null) return { id };
  if (host != null && id == null) return { host };
  throw badInput('id', 'Name the agent by its id or by its host: one of the two.');
}
