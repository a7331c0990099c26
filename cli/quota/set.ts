import { SetQuotaDocument } from '../../schema/generated/graphql.ts';
import type { Context } from '../context.ts';
import { checkColumns, type OutputOptions } from '../output/column.ts';
import { writeOne } from '../output/write.ts';
import { named } from './faults.ts';
import { quotaView } from './view.ts';

interface Options extends OutputOptions {
  readonly rules: number;
}

export default async function setQuota(
  { client, terminal }: Context,
  options: Options,
  tenantId: string,
): Promise<void> {
  checkColumns(quotaView, options);
  const input = { tenantId, maxRules: options.rules };
  const { setTenantQuota } = await named(client.request(SetQuotaDocument, { input }));
  const { tenantQuota } = setTenantQuota;
  await writeOne(terminal, quotaView, tenantQuota, options);
}
