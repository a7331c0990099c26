import type { Cursor } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { query } from '../db/query.ts';
import { type Actor, requireRole } from '../domain/actor.ts';
import { refuseIfAny } from '../domain/errors.ts';
import { bounds, listFault } from '../domain/text.ts';
import { AuditEntry } from '../entities/AuditEntry.ts';
import { type Page, pageOptions } from './paging.ts';
import type { Services } from './services.ts';
import { system } from './system.ts';

export interface AuditFilter {
  readonly objectId?: readonly string[] | null | undefined;
  readonly actor?: readonly string[] | null | undefined;
  readonly action?: readonly string[] | null | undefined;
  readonly tenantId?: readonly string[] | null | undefined;
  /** At that instant or later. */
  readonly since?: Date | null | undefined;
  /** Before that instant. */
  readonly until?: Date | null | undefined;
}

const lists = ['objectId', 'actor', 'action', 'tenantId'] as const;

/** The audit log, newest first. It holds what tenants and hosts did: an administrator's to read. */
export async function listAuditLog(
  { emFor }: Services,
  actor: Actor,
  filter: AuditFilter,
  page: Page,
): Promise<Cursor<AuditEntry>> {
  requireRole(actor, ['admin'], 'Reading the audit log');
  refuseIfAny(lists.flatMap((key) => listFault(`filter.${key}`, filter[key], bounds.filterValues)));
  const where = {
    $and: [
      ...lists.map((key) => (filter[key] ? { [key]: { $in: [...filter[key]] } } : {})),
      filter.since ? { at: { $gte: filter.since } } : {},
      filter.until ? { at: { $lt: filter.until } } : {},
    ],
  };
  const order = [{ id: 'desc' as const }];
  return emFor(actor).findByCursor(AuditEntry, { where, ...pageOptions(page, order) });
}

const batchEntries = 5_000;

/**
 * Deletes entries older than the retention, so many at a time: the log is in order of time, so its first
 * entries say whether there is anything to delete. Returns how many went.
 */
export async function compactAuditLog(
  { emFor }: Pick<Services, 'emFor'>,
  retentionDays: number,
): Promise<number> {
  const rows = await query(
    emFor(system),
    sql<{ id: string }>`
      with oldest as materialized (
        select id, at from audit_log order by id limit ${batchEntries} for update skip locked
      )
      delete from audit_log a using oldest
      where a.id = oldest.id and oldest.at < now() - ${retentionDays} * interval '1 day'
      returning a.id`,
  );
  return rows.length;
}
