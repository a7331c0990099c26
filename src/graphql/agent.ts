import { badInput, refuseIfAny } from '../domain/errors.ts';
import { bounds, pageSizeFault } from '../domain/text.ts';
import type { Agent } from '../entities/Agent.ts';
import type { HostBindings, HostState } from '../services/batches.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { type ListOrder, openCursor, sealCursor } from './listCursor.ts';
import { bindingsOfHost, configurationsOfHost, stateOfHost } from './loaders.ts';
import { QosAgentBindingConnection } from './qosAgentBinding.ts';

export const AgentRef = builder.objectRef<Agent>('Agent');

AgentRef.implement({
  description: 'The agent of one host: it makes the switch there be as the rules say.',
  fields: (t) => ({
    id: t.expose('id', { type: 'UUID', description: "The agent's id." }),
    agentType: t.exposeString('agentType', { description: 'What kind of agent it is.' }),
    binary: t.exposeString('binary', { description: 'The program that runs there.' }),
    host: t.exposeString('host', { description: 'The host that it is on.' }),
    version: t.exposeString('version', { nullable: true, description: "The program's version." }),
    description: t.exposeString('description', {
      nullable: true,
      description: "An administrator's words. Administrators only, null for others.",
    }),
    adminStateUp: t.boolean({
      description: 'False: the agent removes every limit that it applied, and applies none.',
      resolve: async (agent, _args, context) => (await stateOf(agent, context)).adminStateUp,
    }),
    alive: t.boolean({
      description: "A heartbeat came within the server's agent-down time (default 75 s).",
      resolve: async (agent, _args, context) => (await stateOf(agent, context)).alive,
    }),
    connected: t.boolean({
      description: 'A change feed is open right now.',
      resolve: async (agent, _args, context) => (await stateOf(agent, context)).connected,
    }),
    configurations: t.field({
      type: 'JSONObject',
      nullable: true,
      description:
        'Free-form report of the agent: at least { driver, ovsVersion, capabilities }. Administrators only, null for others.',
      resolve: ({ host }, _args, context) => configurationsOfHost(context).load(host),
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When it was first heard of.',
    }),
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When its process last started.',
    }),
    heartbeatAt: t.expose('heartbeatAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it last spoke.',
    }),
    desired: t.field({
      type: 'Cursor',
      nullable: true,
      description:
        "Head of this host's feed. Equal to `confirmed`: converged. Administrators only, null for others.",
      resolve: async (agent, _args, context) => (await stateOf(agent, context)).desired,
    }),
    confirmed: t.field({
      type: 'Cursor',
      nullable: true,
      description: 'How far the agent has confirmed. Administrators only, null for others.',
      resolve: async (agent, _args, context) => (await stateOf(agent, context)).confirmed,
    }),
    bindings: t.field({
      type: QosAgentBindingConnection,
      description: 'What is asked of this host, by rule.',
      args: {
        first: t.arg.int({
          description: `So many entries: 1 to ${bounds.page}, default ${bounds.defaultPage}.`,
        }),
        after: t.arg.string({ description: "An entry's cursor: the page begins behind it." }),
      },
      resolve: async ({ host }, { first, after }, context) => {
        const page = { host, first: sizeOf(first), afterRuleId: ruleIdOf(after) };
        return bindingConnection(await bindingsOfHost(context).load(page), page.afterRuleId);
      },
    }),
  }),
});

async function stateOf({ host }: Agent, context: Context): Promise<HostState> {
  const state = await stateOfHost(context).load(host);
  // agents.host references host_feeds, whose rows are never deleted.
  if (!state) throw new Error(`Host ${host} has an agent and no feed.`);
  return state;
}

const order: ListOrder = [['ruleId', 'uuid']];

function sizeOf(first: number | null | undefined): number {
  refuseIfAny(pageSizeFault('first', first));
  return first ?? bounds.defaultPage;
}

function ruleIdOf(after: string | null | undefined): string | null {
  if (after == null) return null;
  const [ruleId] = openCursor(order, after) ?? [];
  if (typeof ruleId === 'string') return ruleId;
  throw badInput('after', 'after must be a cursor of this list, as an edge or pageInfo gave it.');
}

function bindingConnection(page: HostBindings, afterRuleId: string | null) {
  const edges = page.bindings.map((node) => ({ node, cursor: sealCursor(order, [node.ruleId]) }));
  return {
    edges,
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: afterRuleId !== null,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount: page.totalCount,
  };
}
