import { sql } from 'kysely';
import { query } from '../db/query.ts';
import { type Actor, requireRole, visibleTenant } from '../domain/actor.ts';
import type { FeedPosition } from '../domain/feedCursor.ts';
import { Agent } from '../entities/Agent.ts';
import { PortBinding } from '../entities/PortBinding.ts';
import { QosAgentBinding } from '../entities/QosAgentBinding.ts';
import { QosRule } from '../entities/QosRule.ts';
import { serverDownMs } from '../feed/presence.ts';
import { visibleAgents } from './agents.ts';
import { visibleBindings } from './qosAgentBindings.ts';
import { visibleRules } from './qosRuleList.ts';
import type { Services } from './services.ts';

/** Each of these is one statement for any number of keys: what a page's edges are read with. */

export const bindingsOfRules = ({ emFor }: Services, actor: Actor, ruleIds: readonly string[]) =>
  emFor(actor).find(
    QosAgentBinding,
    { $and: [visibleBindings(actor), { ruleId: { $in: [...ruleIds] } }] },
    { orderBy: { ruleId: 'asc', host: 'asc' } },
  );

export const rulesByIds = ({ emFor }: Services, actor: Actor, ids: readonly string[]) =>
  emFor(actor).find(QosRule, { $and: [visibleRules(actor), { id: { $in: [...ids] } }] });

export const rulesOfPorts = ({ emFor }: Services, actor: Actor, portIds: readonly string[]) =>
  emFor(actor).find(
    QosRule,
    { $and: [visibleRules(actor), { portId: { $in: [...portIds] } }] },
    { orderBy: { portId: 'asc', direction: 'asc' } },
  );

export const agentsByHosts = (services: Services, actor: Actor, hosts: readonly string[]) =>
  services
    .emFor(actor)
    .find(Agent, { $and: [visibleAgents(services, actor), { host: { $in: [...hosts] } }] });

/** What the agents said of themselves. Administrators only. */
export async function configurationsByHosts(
  { emFor }: Services,
  actor: Actor,
  hosts: readonly string[],
): Promise<Map<string, Agent['configurations']>> {
  requireRole(actor, ['admin'], 'Reading the configurations of agents');
  const agents = await emFor(actor).find(
    Agent,
    { host: { $in: [...hosts] } },
    { fields: ['host', 'configurations'] },
  );
  return new Map(agents.map(({ host, configurations }) => [host, configurations]));
}

/** All bindings of the ports, tombstones too: callers leave out what was not asked for. */
export const bindingsOfPorts = ({ emFor }: Services, actor: Actor, portIds: readonly string[]) =>
  emFor(actor).find(
    PortBinding,
    { portId: { $in: [...portIds] } },
    { orderBy: { portId: 'asc', host: 'asc' } },
  );

/** What the database knows of a host's feed and agent, by its own clock. */
export interface HostState {
  readonly host: string;
  readonly adminStateUp: boolean;
  readonly alive: boolean;
  readonly connected: boolean;
  readonly desired: FeedPosition;
  /** Null where the agent confirmed nothing of this epoch. */
  readonly confirmed: FeedPosition | null;
}

export async function hostStates(
  { emFor, settings }: Services,
  actor: Actor,
  hosts: readonly string[],
): Promise<Map<string, HostState>> {
  const rows = await query(
    emFor(actor),
    sql<{
      host: string;
      adminStateUp: boolean;
      alive: boolean;
      connected: boolean;
      epoch: string;
      head: string;
      confirmed: string | null;
    }>`
      select f.host, f.admin_state_up as "adminStateUp", f.head, e.epoch,
        coalesce(a.heartbeat_at > now() - ${settings.agentDownMs} * interval '1 millisecond', false) as alive,
        coalesce(s.seen_at > now() - ${serverDownMs} * interval '1 millisecond', false) as connected,
        case when a.confirmed_epoch = e.epoch then a.confirmed_revision end as confirmed
      from host_feeds f
      cross join lateral (select f.epoch::text || '.' || (select sluice_cluster()) as epoch) e
      left join agents a on a.host = f.host
      left join servers s on s.id = f.feed_server
      where f.host = any (${hosts}::text[])`,
  );
  return new Map(
    rows.map(({ host, adminStateUp, alive, connected, epoch, head, confirmed }) => [
      host,
      {
        host,
        adminStateUp,
        alive,
        connected,
        desired: { epoch, revision: BigInt(head) },
        confirmed: confirmed === null ? null : { epoch, revision: BigInt(confirmed) },
      },
    ]),
  );
}

/** One page of what is asked of a host, by rule id. */
export interface HostBindings {
  readonly bindings: readonly QosAgentBinding[];
  readonly totalCount: number;
  readonly hasNextPage: boolean;
}

/** The same page of several hosts at once, for `Agent.bindings` below a list of agents. */
export async function bindingsOfHosts(
  { emFor }: Services,
  actor: Actor,
  hosts: readonly string[],
  first: number,
  afterRuleId: string | null,
): Promise<Map<string, HostBindings>> {
  const em = emFor(actor);
  const tenantId = visibleTenant(actor);
  const seen = sql`v.host = h.host and (${tenantId}::text is null or v.tenant_id = ${tenantId}::text)`;
  const rows = await query(
    em,
    sql<{ host: string; total: string; page: object[] | null }>`
      select h.host, (select count(*) from qos_agent_bindings v where ${seen}) as total,
        (select json_agg(to_json(b)) from (
          select v.* from qos_agent_bindings v
          where ${seen} and (${afterRuleId}::uuid is null or v.rule_id > ${afterRuleId}::uuid)
          order by v.rule_id limit ${first + 1}) b) as page
      from unnest(${hosts}::text[]) as h (host)`,
  );
  return new Map(
    rows.map(({ host, total, page }) => {
      const bindings = (page ?? []).map((row) => em.map(QosAgentBinding, row as never));
      return [
        host,
        {
          bindings: bindings.slice(0, first),
          totalCount: Number(total),
          hasNextPage: bindings.length > first,
        },
      ];
    }),
  );
}
