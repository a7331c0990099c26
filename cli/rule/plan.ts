import type { CreateQosRuleInput } from '../../schema/generated/graphql.ts';
import type { RuleRow } from './view.ts';

export const contentFields = [
  ...(['maxKbps', 'maxBurstKbps', 'maxKpps', 'maxBurstKpps', 'minKbps', 'dscpMark'] as const),
  'description' as const,
];
export type ContentField = (typeof contentFields)[number];

export interface FieldChange {
  readonly field: ContentField;
  readonly from: number | string | null;
  readonly to: number | string | null;
}

/** What applying a file would do to one rule. */
export type RuleChange =
  | { readonly action: 'create'; readonly wanted: CreateQosRuleInput }
  | { readonly action: 'update'; readonly rule: RuleRow; readonly changes: readonly FieldChange[] }
  | { readonly action: 'delete'; readonly rule: RuleRow };

export interface RulesPlan {
  readonly changes: readonly RuleChange[];
  readonly unchanged: number;
}

/**
 * What would make the rules as wanted, as the server will do it: by port and direction, a limit left out
 * is cleared. `present` has every rule of the ports named, and with prune all that may go.
 */
export function planRules(
  wanted: readonly CreateQosRuleInput[],
  present: readonly RuleRow[],
  mayDelete: (rule: RuleRow) => boolean,
): RulesPlan {
  const byKey = new Map(present.map((rule) => [keyOf(rule), rule]));
  const wantedKeys = new Set(wanted.map(keyOf));
  const changes = wanted.flatMap((one) => changeOf(one, byKey.get(keyOf(one))));
  const deletions = present
    .filter((rule) => !wantedKeys.has(keyOf(rule)) && mayDelete(rule))
    .map((rule) => ({ action: 'delete' as const, rule }));
  return { changes: [...changes, ...deletions], unchanged: wanted.length - changes.length };
}

function changeOf(wanted: CreateQosRuleInput, rule: RuleRow | undefined): RuleChange[] {
  if (!rule) return [{ action: 'create', wanted }];
  const changes = contentFields
    .map((field) => ({ field, from: rule[field], to: wanted[field] ?? null }))
    .filter(({ from, to }) => from !== to);
  return changes.length > 0 ? [{ action: 'update', rule, changes }] : [];
}

function keyOf({ portId, direction = 'EGRESS' }: { portId: string; direction?: string }): string {
  return `${portId.toLowerCase()} ${direction}`;
}
