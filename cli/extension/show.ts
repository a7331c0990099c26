import { ShowExtensionDocument, type ShowExtensionQuery } from '../../schema/generated/graphql.ts';
import type { Context } from '../context.ts';
import type { Column, OutputOptions, View } from '../output/column.ts';
import { tableOf } from '../output/table.ts';
import { writeOne } from '../output/write.ts';

type Extension = ShowExtensionQuery['extension'];
type Field = Extension['drivers'][number]['fields'][number];
interface FieldRow {
  readonly driver: string;
  readonly field: Field | null;
}

export default async function showExtension(
  { client, terminal }: Context,
  options: OutputOptions,
): Promise<void> {
  const { extension } = await client.request(ShowExtensionDocument, {});
  await writeOne(terminal, view, extension, options, ({ drivers }) => {
    const rows = drivers.flatMap(({ driver, fields }): FieldRow[] =>
      fields.length > 0 ? fields.map((field) => ({ driver, field })) : [{ driver, field: null }],
    );
    return `\n${tableOf(rows, fieldColumns, terminal.out)}`;
  });
}

const property = (key: keyof Extension): Column<Extension> => ({
  key,
  value: (extension) => extension[key],
});

const keys = ['name', 'alias', 'description', 'namespace', 'updated', 'version'] as const;

const view: View<Extension> = {
  columns: [...keys.map(property), { ...property('drivers'), nested: true }],
  table: keys,
};

const fieldColumns: readonly Column<FieldRow>[] = [
  { key: 'driver', value: ({ driver }) => driver },
  { key: 'field', value: ({ field }) => field?.field ?? 'enforces nothing' },
  { key: 'directions', value: ({ field }) => field?.directions ?? null },
  { key: 'allowed', value: ({ field }) => field && allowedWords(field) },
];

function allowedWords({ values, minimum, maximum }: Field): string {
  return values ? values.join(' ') : `${minimum} to ${maximum}`;
}
