import { paint } from '../output/cells.ts';
import type { Style } from '../output/column.ts';
import type { Screen } from '../output/screen.ts';
import { limitWords } from '../output/words.ts';
import type { FieldChange, RuleChange, RulesPlan } from './plan.ts';

const signs = { create: '+', update: '~', delete: '-' } as const;
const styles = { create: 'green', update: 'yellow', delete: 'red' } as const satisfies Record<
  string,
  Style
>;

/** A plan for people: a line for each change, old → new, and how many there are. */
export function planWords({ changes, unchanged }: RulesPlan, screen: Screen): string {
  const lines = changes.map(
    (change) => `${paint(changeWords(change), styles[change.action], screen.isLively)}\n`,
  );
  const of = (action: RuleChange['action']) =>
    changes.filter((change) => change.action === action).length;
  const sum = `${of('create')} to create, ${of('update')} to update, ${of('delete')} to delete, ${unchanged} unchanged.`;
  return `${lines.join('')}${sum}\n`;
}

function changeWords(change: RuleChange): string {
  const { portId, direction = 'EGRESS' } = change.action === 'create' ? change.wanted : change.rule;
  const what =
    change.action === 'update' ? change.changes.map(fieldWords).join(', ') : limits(change);
  return `${signs[change.action]} ${change.action}  port ${portId}  ${direction.padEnd(7)}  ${what}`;
}

const limits = (change: Exclude<RuleChange, { action: 'update' }>): string =>
  limitWords(change.action === 'create' ? change.wanted : change.rule);

function fieldWords({ field, from, to }: FieldChange): string {
  return `${field} ${valueWords(from)} → ${valueWords(to)}`;
}

const valueWords = (value: number | string | null): string =>
  value === null ? 'none' : JSON.stringify(value);
