import { deleteTenantQuota, type HeldQuota, setTenantQuota } from '../services/tenantQuotas.ts';
import { builder } from './builder.ts';
import { TenantQuotaRef } from './tenantQuota.ts';

const SetTenantQuotaInput = builder.inputType('SetTenantQuotaInput', {
  description: 'How much a tenant may have.',
  fields: (t) => ({
    tenantId: t.string({ required: true, description: 'The tenant.' }),
    maxRules: t.int({
      required: true,
      description: 'So many rules its members may bring it to; -1: any number.',
    }),
  }),
});

const DeleteTenantQuotaInput = builder.inputType('DeleteTenantQuotaInput', {
  description: 'A tenant whose own quota is to go.',
  fields: (t) => ({ tenantId: t.string({ required: true, description: 'The tenant.' }) }),
});

interface QuotaPayload {
  readonly tenantQuota: HeldQuota;
}

const SetTenantQuotaPayload = builder.objectRef<QuotaPayload>('SetTenantQuotaPayload').implement({
  description: 'What setTenantQuota answers.',
  fields: (t) => ({
    tenantQuota: t.expose('tenantQuota', {
      type: TenantQuotaRef,
      description: 'The quota as it is now.',
    }),
  }),
});

const DeleteTenantQuotaPayload = builder
  .objectRef<QuotaPayload>('DeleteTenantQuotaPayload')
  .implement({
    description: 'What deleteTenantQuota answers.',
    fields: (t) => ({
      tenantQuota: t.expose('tenantQuota', {
        type: TenantQuotaRef,
        description: 'The default, which holds for the tenant now.',
      }),
    }),
  });

builder.mutationFields((t) => ({
  setTenantQuota: t.field({
    type: SetTenantQuotaPayload,
    description:
      'Says how many rules a tenant may have. Those beyond stay, but its members make no more. Administrators only.',
    args: {
      input: t.arg({
        type: SetTenantQuotaInput,
        required: true,
        description: 'Whose, and how many.',
      }),
    },
    resolve: async (_root, { input }, { services, actor }) => ({
      tenantQuota: await setTenantQuota(services, actor, input),
    }),
  }),
  deleteTenantQuota: t.field({
    type: DeleteTenantQuotaPayload,
    description:
      "Takes a tenant's own quota back, so that the default holds; NOT_FOUND where it has none. Administrators only.",
    args: { input: t.arg({ type: DeleteTenantQuotaInput, required: true, description: 'Whose.' }) },
    resolve: async (_root, { input: { tenantId } }, { services, actor }) => ({
      tenantQuota: await deleteTenantQuota(services, actor, tenantId),
    }),
  }),
}));
