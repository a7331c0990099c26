import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

/**
 * A port is, or is about to be, on a host: a row of that host's feed (invariant 3). `revision` is the
 * position at which it last changed, `bornRevision` the one at which it last came to be.
 */
export const PortBinding = defineEntity({
  name: 'PortBinding',
  tableName: 'port_bindings',
  properties: {
    portId: p.uuid().primary(),
    host: p.text().primary(),
    bound: p.boolean(),
    plugged: p.boolean(),
    interfaceName: p.text().strictNullable(),
    revision: p.bigint(),
    bornRevision: p.bigint(),
    boundAt: p.datetime(3),
    unpluggedAt: p.datetime(3).strictNullable(),
    claimedFrom: p.text().strictNullable(),
    removedAt: p.datetime(3).strictNullable(),
  },
});
export type PortBinding = InferEntity<typeof PortBinding>;
