import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

/** What an enrolled host's agent comes in with, whatever token stands for it at the moment. Written in SQL only. */
export const AgentCredential = defineEntity({
  name: 'AgentCredential',
  tableName: 'agent_credentials',
  properties: {
    id: p.uuid().primary(),
    host: p.text(),
    enrolledAt: p.datetime(3),
    renewedAt: p.datetime(3).strictNullable(),
    expiresAt: p.datetime(3),
    revokedAt: p.datetime(3).strictNullable(),
    revokedReason: p.text().strictNullable(),
  },
});
export type AgentCredential = InferEntity<typeof AgentCredential>;
