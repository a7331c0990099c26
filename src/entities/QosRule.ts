import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { directions } from '../domain/ranges.ts';

/** How one direction of one port is limited or marked; unique by (portId, direction). */
export const QosRule = defineEntity({
  name: 'QosRule',
  tableName: 'qos_rules',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.text(),
    networkId: p.uuid().strictNullable(),
    portId: p.uuid(),
    direction: p.enum(directions),
    maxKbps: p.integer().strictNullable(),
    maxBurstKbps: p.integer().strictNullable(),
    maxKpps: p.integer().strictNullable(),
    maxBurstKpps: p.integer().strictNullable(),
    minKbps: p.integer().strictNullable(),
    dscpMark: p.smallint().strictNullable(),
    description: p.text().strictNullable(),
    version: p.integer(),
    createdAt: p.datetime(3).defaultRaw('now()'),
    updatedAt: p.datetime(3).defaultRaw('now()'),
  },
});
export type QosRule = InferEntity<typeof QosRule>;
