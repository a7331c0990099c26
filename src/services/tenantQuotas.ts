import type { Cursor } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { query } from '../db/query.ts';
import { type Actor, requireRole, visibleTenant } from '../domain/actor.ts';
import { badInput, notFound, refuseIfAny } from '../domain/errors.ts';
import { quotaFault } from '../domain/quota.ts';
import { textFault } from '../domain/text.ts';
import { TenantQuota } from '../entities/TenantQuota.ts';
import { audit } from './audit.ts';
import { type Page, pageOptions } from './paging.ts';
import type { Services } from './services.ts';
import { inTransaction, type Write } from './write.ts';

/** The quota that holds for a tenant; `isDefault`: nobody set one of its own. */
export interface HeldQuota {
  readonly tenantId: string;
  readonly maxRules: number;
  readonly isDefault: boolean;
}

/** The quota of a tenant: the caller's own unless an administrator names another. */
export async function getTenantQuota(
  services: Services,
  actor: Actor,
  named: string | null | undefined,
): Promise<HeldQuota> {
  refuseIfAny(textFault('tenantId', named));
  const own = visibleTenant(actor);
  if (own !== null && named != null && named !== own) throw notFound('tenant', named, 'tenantId');
  const tenantId = own ?? named ?? (actor.role === 'admin' ? actor.tenantId : null);
  if (tenantId === null) throw badInput('tenantId', 'Name the tenant: this credential has none.');
  const row = await services.emFor(actor).findOne(TenantQuota, { tenantId });
  return held(services, tenantId, row?.maxRules);
}

/** The quotas that administrators set, in order of the tenants. */
export async function listTenantQuotas(
  { emFor }: Services,
  actor: Actor,
  page: Page,
): Promise<Cursor<TenantQuota>> {
  requireRole(actor, ['admin'], 'Listing quotas');
  return emFor(actor).findByCursor(TenantQuota, {
    where: {},
    ...pageOptions(page, { tenantId: 'asc' as const }),
  });
}

/** How many rules each of the tenants has. */
export async function usedRules(
  { emFor }: Services,
  actor: Actor,
  tenantIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await query(
    emFor(actor),
    sql<{ tenantId: string; used: number }>`
      select tenant_id as "tenantId", count(*)::integer as used from qos_rules
      where tenant_id = any (${tenantIds}::text[]) group by tenant_id`,
  );
  return new Map(rows.map(({ tenantId, used }) => [tenantId, used]));
}

/** Says how many rules a tenant may have. What it has beyond stays; it makes no more. */
export async function setTenantQuota(
  services: Services,
  actor: Actor,
  { tenantId, maxRules }: { readonly tenantId: string; readonly maxRules: number },
): Promise<HeldQuota> {
  requireRole(actor, ['admin'], 'Setting a quota');
  refuseIfAny([...textFault('tenantId', tenantId), ...quotaFault('maxRules', maxRules)]);
  return inTransaction(services, actor, async (write) => {
    const before = await lockQuota(write, tenantId);
    if (before !== maxRules) {
      await query(
        write.em,
        sql`insert into tenant_quotas (tenant_id, max_rules) values (${tenantId}, ${maxRules})
          on conflict (tenant_id) do update set max_rules = excluded.max_rules`,
      );
      await tell(write, 'tenantQuota.set', tenantId, before, maxRules);
    }
    return held(services, tenantId, maxRules);
  });
}

/** Takes a tenant's own quota back: the default holds for it again. */
export async function deleteTenantQuota(
  services: Services,
  actor: Actor,
  tenantId: string,
): Promise<HeldQuota> {
  requireRole(actor, ['admin'], 'Deleting a quota');
  refuseIfAny(textFault('tenantId', tenantId));
  return inTransaction(services, actor, async (write) => {
    const before = await lockQuota(write, tenantId);
    if (before === undefined) throw notFound('quota of tenant', tenantId, 'tenantId');
    await query(write.em, sql`delete from tenant_quotas where tenant_id = ${tenantId}`);
    await tell(write, 'tenantQuota.deleted', tenantId, before, undefined);
    return held(services, tenantId, undefined);
  });
}

const held = (
  { settings }: Services,
  tenantId: string,
  maxRules: number | undefined,
): HeldQuota => ({
  tenantId,
  maxRules: maxRules ?? settings.quotaRules,
  isDefault: maxRules === undefined,
});

/** By name: a row that is not there cannot be locked, and two who set it at once would both audit it as new. */
async function lockQuota({ em }: Write, tenantId: string): Promise<number | undefined> {
  await query(
    em,
    sql`select pg_advisory_xact_lock(hashtextextended('sluice: quota of ' || ${tenantId}::text, 0))`,
  );
  const [row] = await query(
    em,
    sql<{ maxRules: number }>`
      select max_rules as "maxRules" from tenant_quotas where tenant_id = ${tenantId}`,
  );
  return row?.maxRules;
}

const tell = (
  write: Write,
  action: string,
  tenantId: string,
  before: number | undefined,
  after: number | undefined,
): Promise<void> =>
  audit(write, [
    { action, objectId: tenantId, tenantId, before: audited(before), after: audited(after) },
  ]);

const audited = (maxRules: number | undefined): object | null =>
  maxRules === undefined ? null : { maxRules };
