import { FindPortCursorDocument, ListPortsDocument } from '../../schema/generated/graphql.ts';
import type { Context } from '../context.ts';
import { type ListOptions, listPages } from '../listing.ts';
import { portView } from './view.ts';

interface Options extends ListOptions {
  readonly id?: string[];
  readonly tenantId?: string[];
  readonly networkId?: string[];
  readonly host?: string[];
}

export default async function listPorts(context: Context, options: Options): Promise<void> {
  const { id, tenantId, networkId, host } = options;
  const filter = { id, tenantId, networkId, host };
  const { client } = context;
  await listPages(context, portView, options, {
    read: async (first, after) =>
      (await client.request(ListPortsDocument, { filter, first, after })).ports,
    places: async (first, after) =>
      (await client.request(FindPortCursorDocument, { filter, first, after })).ports,
  });
}
