import type { Cursor, FilterQuery } from '@mikro-orm/postgresql';
import { type Actor, visibleTenant } from '../domain/actor.ts';
import { refuseIfAny } from '../domain/errors.ts';
import { bounds, listFault } from '../domain/text.ts';
import { type BindingStatus, QosAgentBinding } from '../entities/QosAgentBinding.ts';
import { type Page, pageOptions } from './paging.ts';
import type { Services } from './services.ts';

export interface QosAgentBindingFilter {
  readonly qosRuleId?: readonly string[] | null | undefined;
  readonly agentId?: readonly string[] | null | undefined;
  readonly host?: readonly string[] | null | undefined;
  readonly status?: readonly BindingStatus[] | null | undefined;
}

/** Rules on hosts, by rule and host; a member sees its own rules'. */
export async function listQosAgentBindings(
  services: Services,
  actor: Actor,
  filter: QosAgentBindingFilter,
  page: Page,
): Promise<Cursor<QosAgentBinding>> {
  refuseIfAny(
    (['qosRuleId', 'agentId', 'host', 'status'] as const).flatMap((key) =>
      listFault(`filter.${key}`, filter[key], bounds.filterValues),
    ),
  );
  const where = {
    $and: [
      visibleBindings(actor),
      filter.qosRuleId ? { ruleId: { $in: [...filter.qosRuleId] } } : {},
      filter.agentId ? { agentId: { $in: [...filter.agentId] } } : {},
      filter.host ? { host: { $in: [...filter.host] } } : {},
      filter.status ? { status: { $in: [...filter.status] } } : {},
    ],
  };
  const order = [{ ruleId: 'asc' as const }, { host: 'asc' as const }];
  return services
    .emFor(actor)
    .findByCursor(QosAgentBinding, { where, ...pageOptions(page, order) });
}

export function visibleBindings(actor: Actor): FilterQuery<QosAgentBinding> {
  const tenantId = visibleTenant(actor);
  return tenantId === null ? {} : { tenantId };
}
