import { UserError } from '../../lib/errors.ts';
import { ShowPortDocument, type ShowPortQuery } from '../../schema/generated/graphql.ts';
import type { Context } from '../context.ts';
import { exitCodes } from '../exitCodes.ts';
import { type Column, chooseColumns, type OutputOptions } from '../output/column.ts';
import type { Screen } from '../output/screen.ts';
import { tableOf } from '../output/table.ts';
import { ageOf } from '../output/words.ts';
import { writeOne } from '../output/write.ts';
import { ruleView } from '../rule/view.ts';
import { type PortRow, portShowView } from './view.ts';

type Port = NonNullable<ShowPortQuery['port']>;
type Binding = PortRow['bindings'][number];

export default async function showPort(
  context: Context,
  options: OutputOptions,
  id: string,
): Promise<void> {
  const { port } = await context.client.request(ShowPortDocument, { id });
  if (!port) {
    const sentence = `There is no port ${id}. "sluice port list" shows those there are.`;
    throw new UserError(sentence, exitCodes.notFound);
  }
  const { out } = context.terminal;
  await writeOne(context.terminal, portShowView, port, options, () => detailsOf(port, out));
}

const bindingColumns: readonly Column<Binding>[] = [
  { key: 'host', value: ({ host }) => host },
  { key: 'interface', value: ({ interfaceName }) => interfaceName },
  { key: 'bound', value: ({ bound }) => (bound ? 'yes' : 'no') },
  { key: 'plugged', value: ({ plugged }) => (plugged ? 'yes' : 'no') },
  {
    key: 'settled',
    value: ({ settled, removalFault }) => removalFault ?? (settled ? 'yes' : 'no'),
    style: ({ settled, removalFault }) =>
      removalFault !== null ? 'red' : settled ? 'green' : 'yellow',
  },
  { key: 'since', value: ({ boundAt }) => `${ageOf(boundAt)} ago` },
];

const ruleKeys = ['id', 'direction', 'limit', 'status', 'age'];

function detailsOf({ bindings, rules }: Port, screen: Screen): string {
  const columns = chooseColumns({ ...ruleView, table: ruleKeys }, { format: 'table' });
  return [
    bindings.length > 0 ? tableOf(bindings, bindingColumns, screen) : 'It is on no host.\n',
    rules.length > 0 ? tableOf(rules, columns, screen) : 'It has no rules.\n',
  ]
    .map((part) => `\n${part}`)
    .join('');
}
