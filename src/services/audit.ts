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

/** An entry about what a caller can bring about again and again; `count`: how often this time, once where left out. */
export interface CountedEntry extends AuditEntry {
  readonly after: object;
  readonly count?: number;
}

/**
 * As `audit`, where nothing else bounds how many entries there would be: those of one caller about the same become
 * one an hour, with the time of the first and the particulars of the last, `after.count` and `after.lastAt`.
 */
export async function auditCounted(
  { em, actor }: Pick<Write, 'em' | 'actor'>,
  entries: readonly CountedEntry[],
): Promise<void> {
  if (entries.length === 0) return;
  const who = actorText(actor);
  await query(
    em,
    sql`
      with entry as materialized (
        select action, "objectId" as object_id, "tenantId" as tenant_id, before, after, coalesce(count, 1) as count
        from jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) as e (action text, "objectId" text,
          "tenantId" text, before jsonb, after jsonb, count integer)
      ), counted as (
        update audit_log a set after = a.after || e.after || jsonb_build_object(
          'count', (a.after ->> 'count')::bigint + e.count, 'lastAt', clock_timestamp())
        from entry e cross join lateral (
          select l.id from audit_log l
          where l.object_id = e.object_id and l.action = e.action and l.actor = ${who}
            and l.tenant_id is not distinct from e.tenant_id and l.before is not distinct from e.before
            and l.at > now() - interval '1 hour' and l.after ? 'count'
          order by l.id desc limit 1) latest
        where a.id = latest.id
        returning e.object_id, e.action, e.tenant_id, e.before
      )
      insert into audit_log (actor, address, action, object_id, tenant_id, before, after)
      select ${who}, ${actor.address ?? null}, e.action, e.object_id, e.tenant_id, e.before,
        e.after || jsonb_build_object('count', e.count)
      from entry e
      where not exists (select 1 from counted c where c.object_id = e.object_id and c.action = e.action
        and c.tenant_id is not distinct from e.tenant_id and c.before is not distinct from e.before)`,
  );
}
