import { guardSchema } from './access/guard.ts';
import { rules } from './access/rules.ts';
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
import './tenantQuota.ts';
import './tenantQuotaMutations.ts';

/** The whole API. Each module above adds its noun to the builder; who may use what of it, access/rules.ts says. */
export const schema = guardSchema(builder.toSchema(), rules);
