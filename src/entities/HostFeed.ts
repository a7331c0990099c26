import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

/** Where one host's feed stands (invariant 2). Never deleted. */
export const HostFeed = defineEntity({
  name: 'HostFeed',
  tableName: 'host_feeds',
  properties: {
    host: p.text().primary(),
    epoch: p.uuid(),
    head: p.bigint(),
    floor: p.bigint(),
    adminStateUp: p.boolean(),
    adminRevision: p.bigint(),
    feedServer: p.uuid().strictNullable(),
  },
});
export type HostFeed = InferEntity<typeof HostFeed>;
