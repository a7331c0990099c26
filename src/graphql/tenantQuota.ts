import type { HeldQuota } from '../services/tenantQuotas.ts';
import { getTenantQuota, listTenantQuotas } from '../services/tenantQuotas.ts';
import { builder } from './builder.ts';
import type { ListOrder } from './listCursor.ts';
import { usedRulesOfTenant } from './loaders.ts';
import { connectionOf, pageOf } from './paging.ts';

/** As it stands in the list of those that were set, it has no word on being the default. */
type Quota = Omit<HeldQuota, 'isDefault'> & { readonly isDefault?: boolean };

export const TenantQuotaRef = builder.objectRef<Quota>('TenantQuota').implement({
  description: 'How much a tenant may have.',
  fields: (t) => ({
    tenantId: t.exposeString('tenantId', { description: 'The tenant.' }),
    maxRules: t.exposeInt('maxRules', {
      description: 'So many rules its members may bring it to; -1: any number.',
    }),
    usedRules: t.int({
      description:
        'How many it has: more than maxRules where the quota was lowered since, or an administrator made them.',
      resolve: ({ tenantId }, _args, context) => usedRulesOfTenant(context).load(tenantId),
    }),
    isDefault: t.boolean({
      description: "Nobody set a quota for this tenant: it has the server's SLUICE_QUOTA_RULES.",
      resolve: ({ isDefault }) => isDefault ?? false,
    }),
  }),
});

const TenantQuotaConnection = builder.connectionObject(
  { type: TenantQuotaRef, name: 'TenantQuotaConnection', description: 'A page of quotas.' },
  { name: 'TenantQuotaEdge', description: 'A quota in a page.' },
);

const order: ListOrder = [['tenantId', 'text']];

builder.queryFields((t) => ({
  tenantQuota: t.field({
    type: TenantQuotaRef,
    description:
      "A tenant's quota and what it uses of it. NOT_FOUND for another tenant than the caller's, unless an administrator asks.",
    args: {
      tenantId: t.arg.string({
        description: "The tenant; left out: the caller's. An administrator names any.",
      }),
    },
    resolve: (_root, { tenantId }, { services, actor }) =>
      getTenantQuota(services, actor, tenantId),
  }),
  tenantQuotas: t.connection(
    {
      type: TenantQuotaRef,
      description:
        'The quotas that administrators set, in order of the tenants. Administrators only.',
      resolve: async (_root, page, { services, actor }, info) =>
        connectionOf(await listTenantQuotas(services, actor, pageOf(page, order, info)), order),
    },
    TenantQuotaConnection,
  ),
}));
