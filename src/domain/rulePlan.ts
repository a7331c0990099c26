import { type Direction, type Limits, limitFields } from './ranges.ts';

/** A rule as a file of rules asks for it, with the owner that was found for it. */
export interface WantedRule {
  readonly tenantId: string;
  readonly networkId: string | null;
  readonly portId: string;
  readonly direction: Direction;
  readonly limits: Limits;
  readonly description: string | null;
}

/** A rule as it is stored, as far as comparing goes. */
export interface PresentRule extends Limits {
  readonly id: string;
  readonly portId: string;
  readonly direction: Direction;
  readonly description: string | null;
}

/** What makes the present rules those wanted: an update in place where a port and direction stay. */
export interface RulePlan<R extends PresentRule> {
  readonly create: readonly WantedRule[];
  readonly update: readonly { readonly rule: R; readonly wanted: WantedRule }[];
  readonly unchanged: readonly R[];
  readonly remove: readonly R[];
}

export const ruleKey = (rule: { readonly portId: string; readonly direction: Direction }): string =>
  `${rule.portId} ${rule.direction}`;

/** Whether a rule's limits and description already are these. */
const sameContent = (
  rule: Limits & { readonly description: string | null },
  limits: Limits,
  description: string | null,
): boolean =>
  limitFields.every((field) => rule[field] === limits[field]) && rule.description === description;

export function planRules<R extends PresentRule>(
  wanted: readonly WantedRule[],
  present: readonly R[],
  mayRemove: (rule: R) => boolean,
): RulePlan<R> {
  const presentByKey = new Map(present.map((rule) => [ruleKey(rule), rule]));
  const wantedKeys = new Set(wanted.map(ruleKey));
  const create: WantedRule[] = [];
  const update: { rule: R; wanted: WantedRule }[] = [];
  const unchanged: R[] = [];
  for (const rule of wanted) {
    const found = presentByKey.get(ruleKey(rule));
    if (!found) create.push(rule);
    else if (sameContent(found, rule.limits, rule.description)) unchanged.push(found);
    else update.push({ rule: found, wanted: rule });
  }
  const remove = present.filter((rule) => !wantedKeys.has(ruleKey(rule)) && mayRemove(rule));
  return { create, update, unchanged, remove };
}
