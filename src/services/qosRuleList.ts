import type { Cursor, EntityManager, FilterQuery } from '@mikro-orm/postgresql';
import { type Actor, visibleTenant } from '../domain/actor.ts';
import { refuseIfAny } from '../domain/errors.ts';
import type { Direction } from '../domain/ranges.ts';
import { bounds, listFault } from '../domain/text.ts';
import { type BindingStatus, QosAgentBinding } from '../entities/QosAgentBinding.ts';
import { QosRule } from '../entities/QosRule.ts';
import { type Page, pageOptions } from './paging.ts';
import type { Services } from './services.ts';

type Values<T> = readonly T[] | null | undefined;

/** Every field that is given must hold; a list holds if one of its values does. */
export interface QosRuleFilter {
  readonly id?: Values<string>;
  readonly tenantId?: Values<string>;
  readonly networkId?: Values<string>;
  readonly portId?: Values<string>;
  readonly direction?: Direction | null | undefined;
  readonly host?: Values<string>;
  readonly status?: Values<BindingStatus>;
}

const orderFields = {
  CREATED_AT: 'createdAt',
  UPDATED_AT: 'updatedAt',
  TENANT_ID: 'tenantId',
  NETWORK_ID: 'networkId',
  PORT_ID: 'portId',
  MAX_KBPS: 'maxKbps',
} as const satisfies Record<string, keyof QosRule>;

export interface QosRuleOrder {
  readonly field: keyof typeof orderFields;
  readonly direction: 'ASC' | 'DESC';
}

export async function getQosRule(
  services: Services,
  actor: Actor,
  id: string,
): Promise<QosRule | null> {
  const em = services.emFor(actor);
  return em.findOne(QosRule, { $and: [visibleRules(actor), { id }] });
}

/** The rules that the caller may see, in a stable order: after the keys named, by id. */
export async function listQosRules(
  services: Services,
  actor: Actor,
  filter: QosRuleFilter,
  orderBy: readonly QosRuleOrder[],
  page: Page,
): Promise<Cursor<QosRule>> {
  refuseIfAny([...filterFaults(filter), ...listFault('orderBy', orderBy, bounds.orderKeys)]);
  const em = services.emFor(actor);
  const where = { $and: [visibleRules(actor), ruleFilter(em, filter)] };
  return em.findByCursor(QosRule, { where, ...pageOptions(page, ruleOrder(orderBy)) });
}

export const filterFaults = (filter: QosRuleFilter) =>
  (['id', 'tenantId', 'networkId', 'portId', 'host', 'status'] as const).flatMap((key) =>
    listFault(`filter.${key}`, filter[key], bounds.filterValues),
  );

export function visibleRules(actor: Actor): FilterQuery<QosRule> {
  const tenantId = visibleTenant(actor);
  return tenantId === null ? {} : { tenantId };
}

/** The condition that a filter means. Host and status are of one and the same binding. */
export function ruleFilter(em: EntityManager, filter: QosRuleFilter): FilterQuery<QosRule> {
  const conditions: FilterQuery<QosRule>[] = [];
  for (const key of ['id', 'tenantId', 'networkId', 'portId'] as const) {
    const values = filter[key];
    if (values) conditions.push({ [key]: { $in: [...values] } });
  }
  if (filter.direction) conditions.push({ direction: filter.direction });
  if (filter.host || filter.status) {
    const bindings = em
      .createQueryBuilder(QosAgentBinding, 'v')
      .select('v.ruleId')
      .where({
        ...(filter.host ? { host: { $in: [...filter.host] } } : {}),
        ...(filter.status ? { status: { $in: [...filter.status] } } : {}),
      });
    conditions.push({ id: { $in: bindings } });
  }
  return conditions.length === 0 ? {} : { $and: conditions };
}

function ruleOrder(orderBy: readonly QosRuleOrder[]) {
  const keys = orderBy.length > 0 ? orderBy : [{ field: 'CREATED_AT', direction: 'ASC' } as const];
  return [
    ...keys.map(({ field, direction }) => ({
      [orderFields[field]]: direction.toLowerCase() as 'asc' | 'desc',
    })),
    { id: 'asc' as const },
  ];
}
