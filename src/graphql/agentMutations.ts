import type { Agent } from '../entities/Agent.ts';
import { deleteAgent, updateAgent } from '../services/agents.ts';
import { AgentRef } from './agent.ts';
import { builder } from './builder.ts';

const UpdateAgentInput = builder.inputType('UpdateAgentInput', {
  description: 'Absent: unchanged; null clears the description.',
  fields: (t) => ({
    id: t.field({ type: 'UUID', required: true, description: 'The agent to change.' }),
    adminStateUp: t.boolean({
      description: 'False: the agent removes every limit that it applied, and applies none.',
    }),
    description: t.string({ description: 'Words of your own, at most 255 characters.' }),
  }),
});

const DeleteAgentInput = builder.inputType('DeleteAgentInput', {
  description: 'An agent to delete.',
  fields: (t) => ({
    id: t.field({ type: 'UUID', required: true, description: 'The agent to delete.' }),
  }),
});

const UpdateAgentPayload = builder
  .objectRef<{ readonly agent: Agent }>('UpdateAgentPayload')
  .implement({
    description: 'What updateAgent answers.',
    fields: (t) => ({
      agent: t.expose('agent', { type: AgentRef, description: 'The agent as it is now.' }),
    }),
  });

const DeleteAgentPayload = builder
  .objectRef<{ readonly deletedId: string }>('DeleteAgentPayload')
  .implement({
    description: 'What deleteAgent answers.',
    fields: (t) => ({
      deletedId: t.expose('deletedId', { type: 'UUID', description: 'The agent that is gone.' }),
    }),
  });

builder.mutationFields((t) => ({
  updateAgent: t.field({
    type: UpdateAgentPayload,
    description: 'Changes the administrative state or the description. Administrators only.',
    args: { input: t.arg({ type: UpdateAgentInput, required: true, description: 'The change.' }) },
    resolve: async (_root, { input }, { services, actor }) => ({
      agent: await updateAgent(services, actor, input),
    }),
  }),
  deleteAgent: t.field({
    type: DeleteAgentPayload,
    description: 'Only an agent that is not alive; CONFLICT otherwise. Administrators only.',
    args: { input: t.arg({ type: DeleteAgentInput, required: true, description: 'Which agent.' }) },
    resolve: async (_root, { input }, { services, actor }) => ({
      deletedId: await deleteAgent(services, actor, input.id),
    }),
  }),
}));
