import type { Fault } from '../domain/errors.ts';
import { type Direction, type Limits, limitFields } from '../domain/ranges.ts';
import { multilineFault, textFault } from '../domain/text.ts';
import type { QosRule } from '../entities/QosRule.ts';
import type { RuleNotice } from '../feed/notice.ts';

/** Limits as an input gives them: absent and null both mean "none" when a rule is made. */
export type LimitsInput = { readonly [F in keyof Limits]?: number | null | undefined };

export interface CreateQosRuleInput extends LimitsInput {
  readonly tenantId?: string | null | undefined;
  readonly networkId?: string | null | undefined;
  readonly portId: string;
  readonly direction: Direction;
  readonly description?: string | null | undefined;
}

/** Absent: unchanged; null: cleared. */
export interface UpdateQosRuleInput extends LimitsInput {
  readonly id: string;
  readonly expectedVersion?: number | null | undefined;
  readonly description?: string | null | undefined;
}

/** The limits of a new rule: what the input leaves out is null. */
export function limitsOf(input: LimitsInput): Limits {
  return Object.fromEntries(
    limitFields.map((field) => [field, input[field] ?? null]),
  ) as unknown as Limits;
}

/** The limits of `rule` with the fields that the input names replaced. */
export function patchedLimits(rule: Limits, input: LimitsInput): Limits {
  return Object.fromEntries(
    limitFields.map((field) => [field, input[field] === undefined ? rule[field] : input[field]]),
  ) as unknown as Limits;
}

/** The faults of what a rule says about itself besides its limits. */
export const textFaults = (
  input: { tenantId?: string | null | undefined; description?: string | null | undefined },
  path = '',
): Fault[] => [
  ...textFault(`${path}tenantId`, input.tenantId),
  ...multilineFault(`${path}description`, input.description),
];

/** What the audit log keeps of a rule. */
export function auditedRule(rule: QosRule): object {
  const { portId, direction, networkId, description, version } = rule;
  const limits = Object.fromEntries(limitFields.map((field) => [field, rule[field]]));
  return { portId, direction, networkId, ...limits, description, version };
}

export function ruleNotice(type: RuleNotice['type'], rule: QosRule): RuleNotice {
  const { id, tenantId, networkId, portId, direction } = rule;
  return { type, id, tenantId, networkId: networkId ?? null, portId, direction };
}
