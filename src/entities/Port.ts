import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

/** A port that somebody may limit. Without a tenant, only administrators see it. */
export const Port = defineEntity({
  name: 'Port',
  tableName: 'ports',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.text().nullable(),
    networkId: p.uuid().nullable(),
    name: p.text().nullable(),
    createdAt: p.datetime(3),
  },
});
export type Port = InferEntity<typeof Port>;
