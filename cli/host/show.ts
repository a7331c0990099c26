import { UserError } from '../../lib/errors.ts';
import {
  ListHostBindingsDocument,
  ListPortsDocument,
  ShowAgentDocument,
} from '../../schema/generated/graphql.ts';
import { readPages } from '../client/pages.ts';
import type { Context } from '../context.ts';
import { exitCodes } from '../exitCodes.ts';
import type { OutputOptions } from '../output/column.ts';
import { tableOf } from '../output/table.ts';
import { writeOne } from '../output/write.ts';
import { directionsOf, type Host } from './host.ts';
import { directionColumns, hostView } from './view.ts';

export default async function showHost(
  context: Context,
  options: OutputOptions,
  name: string,
): Promise<void> {
  const host = await readHost(context, name);
  await writeOne(context.terminal, hostView, host, options, () => {
    const rows = directionsOf(host);
    return rows.length > 0 ? `\n${tableOf(rows, directionColumns, context.terminal.out)}` : '';
  });
}

async function readHost({ client }: Context, host: string): Promise<Host> {
  const [{ agent }, bindings, ports] = await Promise.all([
    client.request(ShowAgentDocument, { host }),
    readPages({
      read: async (first, after) => {
        const variables = { filter: { host: [host] }, first, after };
        return (await client.request(ListHostBindingsDocument, variables)).qosAgentBindings;
      },
    }),
    readPages({
      read: async (first, after) => {
        const variables = { filter: { host: [host] }, first, after };
        return (await client.request(ListPortsDocument, variables)).ports;
      },
    }),
  ]);
  if (!agent && ports.nodes.length === 0) {
    const sentence = `There is no agent and no port on host ${host}. "sluice agent list" shows the hosts.`;
    throw new UserError(sentence, exitCodes.notFound);
  }
  return { host, agent: agent ?? null, bindings: bindings.nodes, ports: ports.nodes };
}
