import { DeleteQuotaDocument } from '../../schema/generated/graphql.ts';
import type { Context } from '../context.ts';
import { eachOf } from '../each.ts';
import { named } from './faults.ts';
import { quotaWords } from './view.ts';

export default async function deleteQuotas(
  { client, terminal }: Context,
  _options: object,
  tenantIds: readonly string[],
): Promise<void> {
  const deleted = await eachOf(terminal, tenantIds, async (tenantId) => {
    const { deleteTenantQuota } = await named(
      client.request(DeleteQuotaDocument, { input: { tenantId } }),
    );
    terminal.say(`Rules of tenant ${tenantId}: ${quotaWords(deleteTenantQuota.tenantQuota)}.`);
  });
  deleted.throwIfAnyFailed();
}
