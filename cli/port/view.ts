import type { PortRowFragment as PortRow } from '../../schema/generated/graphql.ts';
import type { Column, View } from '../output/column.ts';

export type { PortRow };

const field = (key: keyof PortRow, more: Partial<Column<PortRow>> = {}): Column<PortRow> => ({
  key,
  value: (port) => port[key],
  ...more,
});

export const portView: View<PortRow> = {
  columns: [
    field('id'),
    field('name', { shrinksTo: 10, droppable: true }),
    field('tenantId', { shrinksTo: 8, droppable: true }),
    field('networkId', { shrinksTo: 9, droppable: true }),
    {
      key: 'hosts',
      value: ({ bindings }) => bindings.map(({ host }) => host),
      cell: ({ bindings }) => bindings.map(bindingWords).join(', ') || 'none',
      shrinksTo: 16,
    },
    {
      key: 'directions',
      value: ({ rules }) => rules.map(({ direction }) => direction).sort(),
      human: true,
    },
    field('bindings', { nested: true }),
    field('rules', { nested: true }),
  ],
  table: ['id', 'name', 'tenantId', 'networkId', 'hosts', 'directions'],
};

export const portShowView: View<PortRow> = {
  columns: portView.columns,
  table: ['id', 'name', 'tenantId', 'networkId'],
};

/** A host, and how the port is there. */
function bindingWords({ host, bound, plugged }: PortRow['bindings'][number]): string {
  if (plugged) return bound ? `${host} (bound, plugged)` : `${host} (plugged)`;
  return bound ? `${host} (bound)` : `${host} (unplugged)`;
}
