import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

/** How many rules a tenant may have, where an administrator said so. Written in SQL only. */
export const TenantQuota = defineEntity({
  name: 'TenantQuota',
  tableName: 'tenant_quotas',
  properties: {
    tenantId: p.text().primary(),
    maxRules: p.integer(),
  },
});
export type TenantQuota = InferEntity<typeof TenantQuota>;
