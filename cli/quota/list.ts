import { ListQuotasDocument } from '../../schema/generated/graphql.ts';
import type { Context } from '../context.ts';
import { type ListOptions, listPages } from '../listing.ts';
import { quotaView } from './view.ts';

export default async function listQuotas(context: Context, options: ListOptions): Promise<void> {
  const { client } = context;
  await listPages(context, quotaView, options, {
    read: async (first, after) =>
      (await client.request(ListQuotasDocument, { first, after })).tenantQuotas,
    // Its entries have names, no UUIDs: a marker is always a cursor.
    places: async () => ({ edges: [], pageInfo: { endCursor: null, hasNextPage: false } }),
  });
}
