import { AgentRef } from './agent.ts';
import { builder } from './builder.ts';
import { agentByHost, ruleById } from './loaders.ts';
import { QosAgentBindingRef } from './qosAgentBinding.ts';
import { QosRuleRef } from './qosRule.ts';

/** From a binding back to those that lead to it: apart, so that imports go one way. */
builder.objectFields(QosAgentBindingRef, (t) => ({
  rule: t.field({
    type: QosRuleRef,
    nullable: true,
    description: 'That rule.',
    resolve: ({ ruleId }, _args, context) => ruleById(context).load(ruleId),
  }),
  agent: t.field({
    type: AgentRef,
    nullable: true,
    description: 'Null only with NO_AGENT.',
    resolve: ({ agentId, host }, _args, context) =>
      agentId === null ? null : agentByHost(context).load(host),
  }),
}));
