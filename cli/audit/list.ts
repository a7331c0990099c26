import { type AuditFilter, ListAuditLogDocument } from '../../schema/generated/graphql.ts';
import type { Context } from '../context.ts';
import { type ListOptions, listPages } from '../listing.ts';
import { auditView } from './view.ts';

interface Options extends ListOptions {
  readonly limit: number;
  readonly actor?: string[];
  readonly action?: string[];
  readonly objectId?: string[];
  readonly tenantId?: string[];
  readonly since?: string;
  readonly until?: string;
}

export default async function listAudit(context: Context, options: Options): Promise<void> {
  const { actor, action, objectId, tenantId, since, until } = options;
  const filter: AuditFilter = { actor, action, objectId, tenantId, since, until };
  const { client } = context;
  await listPages(context, auditView, options, {
    read: async (first, after) =>
      (await client.request(ListAuditLogDocument, { filter, first, after })).auditLog,
    // Its entries have numbers, no UUIDs: a marker is always a cursor.
    places: async () => ({ edges: [], pageInfo: { endCursor: null, hasNextPage: false } }),
  });
}
