import { sql } from 'kysely';
import { query } from '../db/query.ts';
import type { Actor } from '../domain/actor.ts';
import type { Write } from './write.ts';

/** One line of the audit log: who changed what. */
export interface AuditEntry {
  readonly action: string;
  readonly objectId: string;
  readonly tenantId: string | null;
  readonly before: object | null;
  readonly after: object | null;
}

/** Who did it, as the log keeps it; from where is `actor.address`. */
export const actorText = ({ role, subject }: Actor): string => `${role} ${subject}`;

/** Writes the entries in the transaction of what they tell of. */
export async function audit(
  { em, actor }: Pick<Write, 'em' | 'actor'>,
  entries: readonly AuditEntry[],
): Promise<void> {
  if (entries.length === 0) return;
  await query(
    em,
    sql`
      insert into audit_log (actor, address, action, object_id, tenant_id, before, after)
      select ${actorText(actor)}, ${actor.address ?? null}, e.action, e."objectId", e."tenantId", e.before, e.after
      from jsonb_to_recordset(${JSON.stringify(entries)}::jsonb)
        as e (action text, "objectId" text, "tenantId" text, before jsonb, after jsonb)`,
  );
}
