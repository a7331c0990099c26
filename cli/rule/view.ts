import type { BindingStatus, RuleRowFragment as RuleRow } from '../../schema/generated/graphql.ts';
import type { Column, View } from '../output/column.ts';
import { statusStyle, worstStatus } from '../output/status.ts';
import { ageOf, instantWords, limitWords } from '../output/words.ts';

export type { RuleRow };

const field = (key: keyof RuleRow, more: Partial<Column<RuleRow>> = {}): Column<RuleRow> => ({
  key,
  value: (rule) => rule[key],
  ...more,
});

/** Enough of a UUID to tell it from its neighbours, and an ellipsis. */
const shortId = 9;

export const ruleView: View<RuleRow> = {
  columns: [
    field('id'),
    field('tenantId', { shrinksTo: 8, droppable: true }),
    field('networkId', { shrinksTo: shortId }),
    field('portId', { shrinksTo: shortId }),
    field('direction', { shrinksTo: 7 }),
    field('maxKbps'),
    field('maxBurstKbps'),
    field('maxKpps'),
    field('maxBurstKpps'),
    field('minKbps'),
    field('dscpMark'),
    field('description', { shrinksTo: 12 }),
    field('version'),
    field('createdAt', { cell: ({ createdAt }) => instantWords(createdAt) }),
    field('updatedAt', { cell: ({ updatedAt }) => instantWords(updatedAt) }),
    {
      key: 'status',
      value: statusOf,
      cell: statusWords,
      shrinksTo: 10,
      style: (rule) => statusStyle(statusOf(rule)),
    },
    { key: 'hosts', value: ({ bindings }) => bindings.map(({ host }) => host), shrinksTo: 10 },
    field('bindings', { nested: true }),
    { key: 'limit', value: limitWords, shrinksTo: 8, human: true },
    { key: 'age', value: ({ createdAt }) => ageOf(createdAt), human: true, droppable: true },
  ],
  table: ['id', 'tenantId', 'portId', 'direction', 'limit', 'status', 'age'],
};

/** What `show` adds below has the bindings. */
export const ruleShowView: View<RuleRow> = {
  columns: ruleView.columns,
  table: [
    ...['id', 'tenantId', 'networkId', 'portId', 'direction', 'limit'],
    ...['maxKbps', 'maxBurstKbps', 'maxKpps', 'maxBurstKpps', 'minKbps', 'dscpMark'],
    ...['description', 'version', 'createdAt', 'updatedAt', 'status'],
  ],
};

/** The most urgent status of its bindings; null where its port is on no host. */
function statusOf({ bindings }: RuleRow): BindingStatus | null {
  return worstStatus(bindings.map(({ status }) => status));
}

function statusWords(rule: RuleRow): string {
  const status = statusOf(rule);
  if (status === null) return 'no host';
  const alike = rule.bindings.filter((binding) => binding.status === status).length;
  const of = rule.bindings.length > 1 ? ` ${alike}/${rule.bindings.length}` : '';
  return status + of + (rule.bindings.some(({ stale }) => stale) ? ' (stale)' : '');
}
