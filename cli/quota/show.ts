import { ShowQuotaDocument } from '../../schema/generated/graphql.ts';
import type { Context } from '../context.ts';
import type { OutputOptions } from '../output/column.ts';
import { writeOne } from '../output/write.ts';
import { named } from './faults.ts';
import { quotaView } from './view.ts';

export default async function showQuota(
  { client, terminal }: Context,
  options: OutputOptions,
  tenantId?: string,
): Promise<void> {
  const { tenantQuota } = await named(client.request(ShowQuotaDocument, { tenantId }));
  await writeOne(terminal, quotaView, tenantQuota, options);
}
