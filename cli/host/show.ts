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
import { tableWithReasons } from '../output/reasons.ts';
import type { Screen } from '../output/screen.ts';
import { tableOf } from '../output/table.ts';
import { writeOne } from '../output/write.ts';
import { type DirectionRow, directionsOf, type Host, leftoversOf } from './host.ts';
import { directionColumns, hostView, leftoverColumns } from './view.ts';

export default async function showHost(
  context: Context,
  options: OutputOptions,
  name: string,
): Promise<void> {
  const host = await readHost(context, name);
  await writeOne(context.terminal, hostView, host, options, () => {
    const { out } = context.terminal;
    return directionsSection(host, out) + leftoversSection(host, out);
  });
}

function directionsSection(host: Host, screen: Screen): string {
  const rows = directionsOf(host);
  if (rows.length === 0) return '';
  return `\n${tableWithReasons(rows, directionColumns, screen, reasonOf)}`;
}

function reasonOf({ portId, binding }: DirectionRow): string | null {
  if (!binding?.message) return null;
  return `${binding.direction} of port ${portId} is ${binding.status}: ${binding.message}`;
}

function leftoversSection(host: Host, screen: Screen): string {
  const rows = leftoversOf(host);
  return rows.length > 0 ? `\n${tableOf(rows, leftoverColumns, screen)}` : '';
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
