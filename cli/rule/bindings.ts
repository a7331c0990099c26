import type { Column } from '../output/column.ts';
import type { Screen } from '../output/screen.ts';
import { compareUrgency, statusStyle } from '../output/status.ts';
import { tableOf } from '../output/table.ts';
import { ageOf, limitWords } from '../output/words.ts';
import type { RuleRow } from './view.ts';

type Binding = RuleRow['bindings'][number];

const columns: readonly Column<Binding>[] = [
  { key: 'host', value: ({ host }) => host },
  {
    key: 'status',
    value: ({ status, stale }) => (stale ? `${status} (stale)` : status),
    style: ({ status }) => statusStyle(status),
  },
  { key: 'programmed', value: ({ programmed }) => programmedWords(programmed) },
  { key: 'asked', value: ({ requestedAt }) => `${ageOf(requestedAt)} ago` },
  { key: 'message', value: ({ message }) => message },
];

/** A line for each host of a rule, what needs an eye first. */
export function bindingsTable({ bindings }: RuleRow, screen: Screen): string {
  if (bindings.length === 0) return '\nIts port is on no host.\n';
  const sorted = [...bindings].sort((a, b) => compareUrgency(a.status, b.status));
  return `\n${tableOf(sorted, columns, screen)}`;
}

/** What the switch was told: the mechanism and its numbers. */
export function programmedWords(programmed: Binding['programmed']): string {
  if (!programmed) return '-';
  const numbers = limitWords(programmed);
  return numbers === '-' ? programmed.mechanism : `${programmed.mechanism}: ${numbers}`;
}
