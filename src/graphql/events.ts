import { clearAllDataLoaders } from '@pothos/plugin-dataloader';
import {
  type AgentEvent,
  agentEvents,
  type QosRuleEvent,
  qosRuleEvents,
} from '../services/events.ts';
import { AgentRef } from './agent.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { ChangeTypeEnum } from './enums.ts';
import { QosRuleRef } from './qosRule.ts';
import { QosRuleFilterInput } from './qosRuleList.ts';

const QosRuleEventRef = builder.objectRef<QosRuleEvent>('QosRuleEvent').implement({
  description: 'Something happened to a rule.',
  fields: (t) => ({
    type: t.expose('type', { type: ChangeTypeEnum, description: 'What happened.' }),
    qosRuleId: t.expose('qosRuleId', {
      type: 'UUID',
      nullable: true,
      description: 'The rule; null with RELOAD.',
    }),
    qosRule: t.expose('qosRule', {
      type: QosRuleRef,
      nullable: true,
      description: 'The rule as it is now; null where it is gone.',
    }),
  }),
});

const AgentEventRef = builder.objectRef<AgentEvent>('AgentEvent').implement({
  description: 'Something happened to an agent.',
  fields: (t) => ({
    type: t.expose('type', { type: ChangeTypeEnum, description: 'What happened.' }),
    agentId: t.expose('agentId', {
      type: 'UUID',
      nullable: true,
      description: 'The agent; null with RELOAD.',
    }),
    agent: t.expose('agent', {
      type: AgentRef,
      nullable: true,
      description: 'The agent as it is now; null where it is gone.',
    }),
  }),
});

builder.subscriptionFields((t) => ({
  qosRuleEvents: t.field({
    type: QosRuleEventRef,
    description: 'For user interfaces: rules the caller may see.',
    args: {
      filter: t.arg({ type: QosRuleFilterInput, description: 'Which rules; all without it.' }),
    },
    subscribe: (_root, { filter }, context) =>
      eachRead(
        context,
        qosRuleEvents(context.services, context.actor, filter ?? {}, context.signal),
      ),
    resolve: (event) => event,
  }),
  agentEvents: t.field({
    type: AgentEventRef,
    description: 'For user interfaces: agents the caller may see.',
    subscribe: (_root, _args, context) =>
      eachRead(context, agentEvents(context.services, context.actor, context.signal)),
    resolve: (event) => event,
  }),
}));

/** Loaders remember what they read, and a subscription's context lives long: each event is read anew. */
async function* eachRead<T>(
  context: Context,
  events: AsyncGenerator<T, void, undefined>,
): AsyncGenerator<T, void, undefined> {
  for await (const event of events) {
    clearAllDataLoaders(context);
    yield event;
  }
}
