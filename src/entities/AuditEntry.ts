import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

/** One line of the audit log: who changed what, or was refused, when and from where. Written in SQL only. */
export const AuditEntry = defineEntity({
  name: 'AuditEntry',
  tableName: 'audit_log',
  properties: {
    id: p.bigint('string').primary(),
    at: p.datetime(3),
    actor: p.text(),
    address: p.text().strictNullable(),
    action: p.text(),
    objectId: p.text(),
    tenantId: p.text().strictNullable(),
    before: p.json<Record<string, unknown>>().strictNullable(),
    after: p.json<Record<string, unknown>>().strictNullable(),
  },
});
export type AuditEntry = InferEntity<typeof AuditEntry>;
