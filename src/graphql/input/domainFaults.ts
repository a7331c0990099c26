import type { Fault } from '../../domain/errors.ts';
import {
  type Direction,
  type Limits,
  limitFields,
  rangeFaults,
  relationFaults,
} from '../../domain/ranges.ts';
import { multilineFault, pageSizeFault, textFault } from '../../domain/text.ts';
import { isPageSize, isRuleInput, isRuleLimit } from './allowed.ts';
import { fieldOf, nameOf, type Place } from './path.ts';

/** What the domain refuses of one value of a rule or of a page's size, so that it is named beside what has a wrong form. */
export function valueFaults(value: unknown, { path, parent }: Place): Fault[] {
  const name = nameOf(path);
  const field = fieldOf(path);
  if (typeof value === 'number' && isRuleLimit(name, parent)) {
    return rangeFaults(name, value, field);
  }
  if (typeof value === 'number' && isPageSize(name, parent)) return pageSizeFault(field, value);
  if (typeof value === 'string' && isRuleInput(parent)) {
    if (name === 'tenantId') return textFault(field, value);
    if (name === 'description') return multilineFault(field, value);
  }
  return [];
}

/** What does not fit together in a new rule; nothing is said where one of its values is not known. */
export function objectFaults(
  values: ReadonlyMap<string, unknown>,
  { path, parent }: Place,
): readonly Fault[] {
  if (parent !== 'CreateQosRuleInput') return [];
  const named = ['direction', ...limitFields].map((name) => [name, values.get(name)] as const);
  if (named.some(([, value]) => value === undefined)) return [];
  const { direction, ...limits } = Object.fromEntries(named);
  return relationFaults(limits as unknown as Limits, direction as Direction).map((fault) => ({
    ...fault,
    field: fieldOf([...path, fault.field ?? '']),
  }));
}
