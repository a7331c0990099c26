import type { UsageFieldsFragment } from '../../schema/generated/graphql.ts';
import type { Column } from '../output/column.ts';
import { tableWithReasons } from '../output/reasons.ts';
import type { Screen } from '../output/screen.ts';
import { compareUrgency, statusStyle } from '../output/status.ts';
import { ageOf, droppedWords, limitWords } from '../output/words.ts';
import type { RuleRow } from './view.ts';

type Binding = RuleRow['bindings'][number] & { readonly usage?: UsageFieldsFragment | null };

const columns: readonly Column<Binding>[] = [
  { key: 'host', value: ({ host }) => host },
  {
    key: 'status',
    value: ({ status, stale }) => (stale ? `${status} (stale)` : status),
    style: ({ status }) => statusStyle(status),
  },
  { key: 'programmed', value: ({ programmed }) => programmedWords(programmed), shrinksTo: 10 },
  {
    key: 'dropped',
    value: ({ usage }) => droppedWords(usage),
    style: ({ usage }) => (Number(usage?.droppedPackets) > 0 ? 'yellow' : undefined),
  },
  { key: 'asked', value: ({ requestedAt }) => `${ageOf(requestedAt)} ago` },
  { key: 'message', value: ({ message }) => message, shrinksTo: 20 },
];

/** A line for each host of a rule, what needs an eye first; without `tellsReasons` somebody else tells them. */
export function bindingsTable(
  { bindings }: RuleRow,
  screen: Screen,
  tellsReasons: boolean,
): string {
  if (bindings.length === 0) return '\nIts port is on no host.\n';
  const sorted = [...bindings].sort((a, b) => compareUrgency(a.status, b.status));
  const reasonOf = ({ host, status, message }: Binding) =>
    message === null || !tellsReasons ? null : `${host}: ${status}: ${message}`;
  return `\n${tableWithReasons(sorted, columns, screen, reasonOf)}`;
}

/** What the switch was told: the mechanism and its numbers. */
export function programmedWords(programmed: Binding['programmed']): string {
  if (!programmed) return '-';
  const numbers = limitWords(programmed);
  return numbers === '-' ? programmed.mechanism : `${programmed.mechanism}: ${numbers}`;
}
