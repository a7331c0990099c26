import type { ListAuditLogQuery } from '../../schema/generated/graphql.ts';
import type { Column, View } from '../output/column.ts';
import { ageOf } from '../output/words.ts';

type Entry = ListAuditLogQuery['auditLog']['nodes'][number];

const field = (key: keyof Entry, more: Partial<Column<Entry>> = {}): Column<Entry> => ({
  key,
  value: (entry) => entry[key],
  ...more,
});

export const auditView: View<Entry> = {
  columns: [
    field('id'),
    field('at'),
    field('actor', { shrinksTo: 10 }),
    field('address', { droppable: true }),
    field('action', { shrinksTo: 12 }),
    field('objectId', { shrinksTo: 9 }),
    field('tenantId', { shrinksTo: 8, droppable: true }),
    field('before', { nested: true }),
    field('after', { nested: true }),
    { key: 'age', value: ({ at }) => `${ageOf(at)} ago`, human: true },
    { key: 'change', value: changeWords, shrinksTo: 20, human: true },
  ],
  table: ['age', 'actor', 'address', 'action', 'tenantId', 'objectId', 'change'],
};

/** What was changed, old → new; of a thing that came or went, that. */
function changeWords({ before, after }: Entry): string {
  if (!before) return after ? 'new' : '-';
  if (!after) return 'gone';
  const changed = Object.keys({ ...before, ...after }).filter(
    (key) => !ignored.has(key) && JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
  return (
    changed.map((key) => `${key} ${said(before[key])} → ${said(after[key])}`).join(', ') || '-'
  );
}

/** They change with every change. */
const ignored = new Set(['version', 'updatedAt', 'updated_at']);

const said = (value: unknown): string =>
  value === null || value === undefined ? 'none' : JSON.stringify(value);
