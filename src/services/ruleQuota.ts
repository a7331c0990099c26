import { sql } from 'kysely';
import { query } from '../db/query.ts';
import type { Actor } from '../domain/actor.ts';
import { type OverQuota, overQuota } from '../domain/quota.ts';
import type { Services } from './services.ts';
import type { Write } from './write.ts';

/**
 * What a tenant may have that has no quota of its own, where quotas bind the actor. Null: they do not bind
 * an administrator, who could change them; what one makes counts for its tenant (decision 13).
 */
export const bindingDefault = ({ settings }: Services, { role }: Actor): number | null =>
  role === 'admin' ? null : settings.quotaRules;

/**
 * Refuses with LIMIT_EXCEEDED where `more` rules would take a member's tenant above its quota; no more than
 * it had is no matter of quotas. Call between locking ports and hosts: the tenant's lock stands between theirs.
 */
export async function refuseOverQuota(
  services: Services,
  { em, actor }: Write,
  more: number,
): Promise<void> {
  if (actor.role !== 'member' || more <= 0) return;
  const { tenantId } = actor;
  const [over] = await query(
    em,
    sql<OverQuota>`
      select used, max_rules as "maxRules"
      from sluice_over_quota(${tenantId}, ${more}, ${bindingDefault(services, actor)})`,
  );
  if (over) throw overQuota(tenantId, more, over);
}
