import { type Actor, requireRole, visibleTenant } from '../domain/actor.ts';
import { refuseIfAny } from '../domain/errors.ts';
import { Agent } from '../entities/Agent.ts';
import { QosRule } from '../entities/QosRule.ts';
import type { RuleNotice } from '../feed/notice.ts';
import { visibleAgents } from './agents.ts';
import { filterFaults, type QosRuleFilter, ruleFilter, visibleRules } from './qosRuleList.ts';
import type { Services } from './services.ts';

export type ChangeType = 'CREATED' | 'UPDATED' | 'DELETED' | 'STATUS_CHANGED' | 'RELOAD';

export interface QosRuleEvent {
  readonly type: ChangeType;
  readonly qosRuleId: string | null;
  readonly qosRule: QosRule | null;
}

export interface AgentEvent {
  readonly type: ChangeType;
  readonly agentId: string | null;
  readonly agent: Agent | null;
}

/** Changes of the rules that the caller may see and asked for. Best effort: after RELOAD, query again. */
export async function* qosRuleEvents(
  services: Services,
  actor: Actor,
  filter: QosRuleFilter,
  signal: AbortSignal,
): AsyncGenerator<QosRuleEvent, void, undefined> {
  requireRole(actor, ['admin', 'member', 'reader'], 'Watching rules');
  refuseIfAny(filterFaults(filter));
  const tenantId = visibleTenant(actor);
  const mine = (notice: RuleNotice) => tenantId === null || notice.tenantId === tenantId;
  for await (const batch of services.switchboard.ruleEvents.listen(signal, mine)) {
    if (batch === 'RELOAD') yield { type: 'RELOAD', qosRuleId: null, qosRule: null };
    else yield* eventsOf(services, actor, filter, batch);
  }
}

async function* eventsOf(
  services: Services,
  actor: Actor,
  filter: QosRuleFilter,
  notices: readonly RuleNotice[],
): AsyncGenerator<QosRuleEvent, void, undefined> {
  const em = services.emFor(actor);
  const ids = [...new Set(notices.map(({ id }) => id))];
  const where = { $and: [visibleRules(actor), ruleFilter(em, filter), { id: { $in: ids } }] };
  const rules = new Map((await em.find(QosRule, where)).map((rule) => [rule.id, rule]));
  for (const notice of notices) {
    const qosRule = rules.get(notice.id) ?? null;
    if (qosRule || (notice.type === 'DELETED' && asked(filter, notice))) {
      yield { type: notice.type, qosRuleId: notice.id, qosRule };
    }
  }
}

/** A deleted rule cannot be asked for its hosts or status any more: a filter by those lets it through. */
function asked(filter: QosRuleFilter, notice: RuleNotice): boolean {
  const among = (values: readonly string[] | null | undefined, value: string | null) =>
    !values || (value !== null && values.includes(value));
  return (
    among(filter.id, notice.id) &&
    among(filter.tenantId, notice.tenantId) &&
    among(filter.networkId, notice.networkId) &&
    among(filter.portId, notice.portId) &&
    (!filter.direction || filter.direction === notice.direction)
  );
}

/** Changes of the agents that the caller may see; a deleted agent is told to administrators. */
export async function* agentEvents(
  services: Services,
  actor: Actor,
  signal: AbortSignal,
): AsyncGenerator<AgentEvent, void, undefined> {
  requireRole(actor, ['admin', 'member', 'reader'], 'Watching agents');
  for await (const batch of services.switchboard.agentEvents.listen(signal, () => true)) {
    if (batch === 'RELOAD') {
      yield { type: 'RELOAD', agentId: null, agent: null };
      continue;
    }
    const em = services.emFor(actor);
    const ids = [...new Set(batch.map(({ id }) => id))];
    const where = { $and: [visibleAgents(services, actor), { id: { $in: ids } }] };
    const agents = new Map((await em.find(Agent, where)).map((agent) => [agent.id, agent]));
    for (const { type, id } of batch) {
      const agent = agents.get(id) ?? null;
      if (agent || (type === 'DELETED' && actor.role === 'admin'))
        yield { type, agentId: id, agent };
    }
  }
}
