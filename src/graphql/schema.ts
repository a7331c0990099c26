import type { GraphQLSchema } from 'graphql';
import { rolesOf } from './access.ts';
import { builder } from './builder.ts';
import './scalars.ts';
import './qosRule.ts';
import './qosRuleList.ts';
import './qosRuleMutations.ts';
import './applyQosRules.ts';
import './qosAgentBinding.ts';
import './bindingEdges.ts';
import './usage.ts';
import './agent.ts';
import './agentList.ts';
import './agentMutations.ts';
import './agentReports.ts';
import './port.ts';
import './portMutations.ts';
import './feed.ts';
import './events.ts';
import './extension.ts';
import './audit.ts';
import './credentials.ts';

/** The whole API. Each module above adds its noun to the builder. */
export const schema = withRules(builder.toSchema());

/** No field of a root without a word on who may use it: nothing is open because somebody forgot. */
function withRules(built: GraphQLSchema): GraphQLSchema {
  const roots = [built.getQueryType(), built.getMutationType(), built.getSubscriptionType()];
  const open = roots.flatMap((root) =>
    Object.values(root?.getFields() ?? {})
      .filter((field) => !rolesOf(field))
      .map(({ name }) => `${root?.name}.${name}`),
  );
  if (open.length > 0) throw new Error(`Without authScopes: ${open.join(', ')}.`);
  return built;
}
