import { type Fault, type Refused, refuse } from './errors.ts';

/** Any number, as in Neutron's quotas. */
export const unlimited = -1;
export const mostRules = 2_147_483_647;

/** The fault of a quota that an administrator sets, if it has one. */
export function quotaFault(field: string, maxRules: number): Fault[] {
  if (maxRules >= unlimited) return [];
  const message = `${field} must be ${unlimited}, for any number of rules, or from 0 to ${mostRules}, not ${maxRules}.`;
  return [{ code: 'BAD_USER_INPUT', field, message }];
}

/** What a tenant that may not have so many rules more has, as far as it was counted, and may have. */
export interface OverQuota {
  /** Exact up to the quota; one more stands for all beyond. */
  readonly used: number;
  readonly maxRules: number;
}

/** The refusal to make `more` rules for the tenant. */
export function overQuota(tenantId: string, more: number, { used, maxRules }: OverQuota): Refused {
  const has = used > maxRules ? `more than ${maxRules}` : used;
  const rules = has === 1 ? 'rule' : 'rules';
  const wanted = more === 1 ? 'another one' : `${more} more`;
  return refuse(
    'LIMIT_EXCEEDED',
    `Tenant ${tenantId} has ${has} ${rules} and its quota is ${maxRules}, which leaves no room for ${wanted}: delete rules, or ask an administrator for a larger quota.`,
  );
}
