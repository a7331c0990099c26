import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

/** A port that somebody may limit. Without a tenant, only administrators see it. */
export const Port = defineEntity({
  name: 'Port',
  tableName: 'ports',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.text().strictNullable(),
    networkId: p.uuid().strictNullable(),
    name: p.text().strictNullable(),
    createdAt: p.datetime(3),
  },
});
export type Port = InferEntity<typeof Port>;
