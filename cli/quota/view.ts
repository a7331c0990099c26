import type { QuotaRowFragment as QuotaRow } from '../../schema/generated/graphql.ts';
import type { Column, View } from '../output/column.ts';

const field = (key: keyof QuotaRow, more: Partial<Column<QuotaRow>> = {}): Column<QuotaRow> => ({
  key,
  value: (quota) => quota[key],
  ...more,
});

export const quotaView: View<QuotaRow> = {
  columns: [
    field('tenantId', { shrinksTo: 8 }),
    field('maxRules', { cell: quotaWords }),
    field('usedRules', { style: (quota) => (isFull(quota) ? 'yellow' : undefined) }),
    field('isDefault'),
  ],
  table: ['tenantId', 'maxRules', 'usedRules'],
};

/** "1000", "1000 (default)", "any number". */
export function quotaWords({ maxRules, isDefault }: QuotaRow): string {
  const number = maxRules === -1 ? 'any number' : `${maxRules}`;
  return isDefault ? `${number} (default)` : number;
}

const isFull = ({ maxRules, usedRules }: QuotaRow): boolean =>
  maxRules !== -1 && usedRules >= maxRules;
