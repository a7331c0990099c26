import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { directions } from '../domain/ranges.ts';

export const bindingStatuses = [
  'PENDING',
  'APPLIED',
  'DEGRADED',
  'FAILED',
  'WAITING_FOR_PORT',
  'DISABLED',
  'NO_AGENT',
] as const;
export type BindingStatus = (typeof bindingStatuses)[number];

/** What the switch was told, in its own terms. */
export interface ProgrammedLimit {
  readonly mechanism: string;
  readonly maxKbps?: number | null | undefined;
  readonly maxBurstKbps?: number | null | undefined;
  readonly maxKpps?: number | null | undefined;
  readonly maxBurstKpps?: number | null | undefined;
  readonly minKbps?: number | null | undefined;
  readonly dscpMark?: number | null | undefined;
}

/** A rule on a host that has its port: a view, derived at each read (migration 3). */
export const QosAgentBinding = defineEntity({
  name: 'QosAgentBinding',
  tableName: 'qos_agent_bindings',
  view: true,
  // The view is made by a migration; MikroORM only reads it.
  expression: 'select * from qos_agent_bindings',
  properties: {
    ruleId: p.uuid().primary(),
    host: p.text().primary(),
    portId: p.uuid(),
    direction: p.enum(directions),
    tenantId: p.text(),
    agentId: p.uuid().strictNullable(),
    status: p.enum(bindingStatuses),
    message: p.text().strictNullable(),
    programmed: p.json<ProgrammedLimit>().strictNullable(),
    requestedAt: p.datetime(3),
    appliedAt: p.datetime(3).strictNullable(),
  },
});
export type QosAgentBinding = InferEntity<typeof QosAgentBinding>;
