import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

/** The agent of one host: who it is, when it last spoke, and how far it has confirmed its feed. */
export const Agent = defineEntity({
  name: 'Agent',
  tableName: 'agents',
  properties: {
    id: p.uuid().primary(),
    host: p.text(),
    agentType: p.text(),
    binary: p.text(),
    version: p.text().strictNullable(),
    description: p.text().strictNullable(),
    /** Read only where it is asked for: administrators may, and tenants' statements cannot (src/db/tenantRole.ts). */
    configurations: p.json<Record<string, unknown>>().strictNullable().lazy(),
    createdAt: p.datetime(3),
    startedAt: p.datetime(3).strictNullable(),
    heartbeatAt: p.datetime(3).strictNullable(),
    confirmedEpoch: p.text().strictNullable(),
    confirmedRevision: p.bigint(),
  },
});
export type Agent = InferEntity<typeof Agent>;
