import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { directions } from '../domain/ranges.ts';

/** How one direction of one port is limited or marked; unique by (portId, direction). */
export const QosRule = defineEntity({
  name: 'QosRule',
  tableName: 'qos_rules',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.text(),
    networkId: p.uuid().nullable(),
    portId: p.uuid(),
    direction: p.enum(directions),
    maxKbps: p.integer().nullable(),
    maxBurstKbps: p.integer().nullable(),
    maxKpps: p.integer().nullable(),
    maxBurstKpps: p.integer().nullable(),
    minKbps: p.integer().nullable(),
    dscpMark: p.smallint().nullable(),
    description: p.text().nullable(),
    version: p.integer(),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
  },
});
export type QosRule = InferEntity<typeof QosRule>;
