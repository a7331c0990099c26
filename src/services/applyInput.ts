import type { Fault } from '../domain/errors.ts';
import { limitFaults } from '../domain/ranges.ts';
import { ruleKey } from '../domain/rulePlan.ts';
import { bounds, listFault, textFault } from '../domain/text.ts';
import { type CreateQosRuleInput, limitsOf, textFaults } from './ruleInput.ts';

export interface ApplyQosRulesInput {
  readonly rules: readonly CreateQosRuleInput[];
  readonly tenantId?: string | null | undefined;
  readonly prune: boolean;
  readonly pruneNetworkIds?: readonly string[] | null | undefined;
  readonly dryRun: boolean;
}

/** What is wrong with a list of rules by itself, whatever is there already. */
export function applyFaults(input: ApplyQosRulesInput): Fault[] {
  return [
    ...listFault('rules', input.rules, bounds.applyRules),
    ...textFault('tenantId', input.tenantId),
    ...pruneFaults(input),
    ...ruleFaults(input),
  ];
}

function pruneFaults({ prune, pruneNetworkIds: networkIds }: ApplyQosRulesInput): Fault[] {
  const sentences = [
    ...(networkIds?.length === 0
      ? ['pruneNetworkIds must name a network, or be left out to prune in all.']
      : []),
    ...(networkIds && !prune
      ? ['pruneNetworkIds means something only together with prune: true.']
      : []),
  ];
  return [
    ...sentences.map((message) => badField('pruneNetworkIds', message)),
    ...listFault('pruneNetworkIds', networkIds, bounds.filterValues),
  ];
}

function ruleFaults({ rules, tenantId }: ApplyQosRulesInput): Fault[] {
  const firstIndex = new Map<string, number>();
  return rules.slice(0, bounds.applyRules).flatMap((rule, index) => {
    const path = `rules[${index}].`;
    const faults = [
      ...textFaults(rule, path),
      ...limitFaults(limitsOf(rule), rule.direction, path),
    ];
    if (tenantId && rule.tenantId && rule.tenantId !== tenantId) {
      const message = `Every rule must be of tenant ${tenantId}, not ${rule.tenantId}.`;
      faults.push(badField(`${path}tenantId`, message));
    }
    const first = firstIndex.get(ruleKey(rule));
    if (first === undefined) {
      firstIndex.set(ruleKey(rule), index);
    } else {
      const message = `rules[${first}] already is for port ${rule.portId}, ${rule.direction}.`;
      faults.push(badField(`${path}portId`, message));
    }
    return faults;
  });
}

const badField = (field: string, message: string): Fault => ({
  code: 'BAD_USER_INPUT',
  field,
  message,
});
