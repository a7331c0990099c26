import { type Cursor, raw } from '@mikro-orm/postgresql';
import { type Actor, requireOwnHost, requireRole, visibleTenant } from '../domain/actor.ts';
import { forsake } from '../domain/bindings.ts';
import { conflict, notFound, refuseIfAny } from '../domain/errors.ts';
import { bounds, listFault, multilineFault } from '../domain/text.ts';
import { Agent } from '../entities/Agent.ts';
import { HostFeed } from '../entities/HostFeed.ts';
import { PortBinding } from '../entities/PortBinding.ts';
import { audit } from './audit.ts';
import { readBindings, writeBindings } from './bindings.ts';
import { lockPorts, raiseHeads } from './locks.ts';
import { type Page, pageOptions } from './paging.ts';
import type { Services } from './services.ts';
import { hostsOfTenant } from './visibleHosts.ts';
import { inTransaction, type Write } from './write.ts';

export interface AgentFilter {
  readonly host?: readonly string[] | null | undefined;
  readonly agentType?: readonly string[] | null | undefined;
  readonly adminStateUp?: boolean | null | undefined;
  readonly alive?: boolean | null | undefined;
}

export interface UpdateAgentInput {
  readonly id: string;
  readonly adminStateUp?: boolean | null | undefined;
  readonly description?: string | null | undefined;
}

export async function getAgent(
  services: Services,
  actor: Actor,
  key: { readonly id: string } | { readonly host: string },
): Promise<Agent | null> {
  const em = services.emFor(actor);
  return em.findOne(Agent, { $and: [visibleAgents(services, actor), key] });
}

/** What an agent may see of itself. */
export async function getOwnAgent({ emFor }: Services, actor: Actor, host: string): Promise<Agent> {
  requireOwnHost(actor, host);
  return emFor(actor).findOneOrFail(Agent, { host });
}

/** Agents in host order; a member sees those that its rules concern. */
export async function listAgents(
  services: Services,
  actor: Actor,
  filter: AgentFilter,
  page: Page,
): Promise<Cursor<Agent>> {
  refuseIfAny(
    (['host', 'agentType'] as const).flatMap((key) =>
      listFault(`filter.${key}`, filter[key], bounds.filterValues),
    ),
  );
  const em = services.emFor(actor);
  const where = {
    $and: [
      visibleAgents(services, actor),
      filter.host ? { host: { $in: [...filter.host] } } : {},
      filter.agentType ? { agentType: { $in: [...filter.agentType] } } : {},
      filter.alive == null ? {} : aliveIs(filter.alive, services.settings.agentDownMs),
      filter.adminStateUp == null
        ? {}
        : {
            host: {
              $in: em
                .createQueryBuilder(HostFeed, 'f')
                .select('f.host')
                .where({ adminStateUp: filter.adminStateUp }),
            },
          },
    ],
  };
  return em.findByCursor(Agent, { where, ...pageOptions(page, [{ host: 'asc' as const }]) });
}

export function visibleAgents({ emFor }: Services, actor: Actor) {
  const tenantId = visibleTenant(actor);
  return tenantId === null ? {} : { host: { $in: hostsOfTenant(emFor(actor), tenantId) } };
}

function aliveIs(alive: boolean, agentDownMs: number) {
  const limit = raw(`now() - ? * interval '1 millisecond'`, [agentDownMs]);
  return alive
    ? { heartbeatAt: { $gt: limit } }
    : { $or: [{ heartbeatAt: null }, { heartbeatAt: { $lte: limit } }] };
}

/** Changes the admin state, which its host's feed tells, or the description. */
export async function updateAgent(
  services: Services,
  actor: Actor,
  input: UpdateAgentInput,
): Promise<Agent> {
  requireRole(actor, ['admin'], 'Changing an agent');
  refuseIfAny(multilineFault('description', input.description));
  return inTransaction(services, actor, async (write) => {
    const agent = await write.em.findOne(Agent, { id: input.id });
    if (!agent) throw notFound('agent', input.id, 'id');
    const feed = await write.em.findOneOrFail(HostFeed, { host: agent.host });
    const before = { description: agent.description, adminStateUp: feed.adminStateUp };
    if (input.description !== undefined) agent.description = input.description;
    if (input.adminStateUp != null) await setAdminState(write, agent.host, input.adminStateUp);
    await write.em.flush();
    const after = {
      description: agent.description,
      adminStateUp: input.adminStateUp ?? before.adminStateUp,
    };
    await audit(write, [
      { action: 'agent.updated', objectId: agent.id, tenantId: null, before, after },
    ]);
    write.agents.push({ type: 'UPDATED', id: agent.id });
    return agent;
  });
}

async function setAdminState(write: Write, host: string, adminStateUp: boolean): Promise<void> {
  const heads = await raiseHeads(write, [host]);
  // Both under the lock that raising took. The raise stays where the state was this already: a step
  // that repeats it does no harm.
  await write.em.nativeUpdate(
    HostFeed,
    { host, adminStateUp: !adminStateUp },
    { adminStateUp, adminRevision: heads.get(host) ?? 0n },
  );
}

/** Deletes a dead agent; what it discovered ends, what an administrator bound waits for another. */
export async function deleteAgent(services: Services, actor: Actor, id: string): Promise<string> {
  requireRole(actor, ['admin'], 'Deleting an agent');
  return inTransaction(services, actor, async (write) => {
    const agent = await write.em.findOne(Agent, { id });
    if (!agent) throw notFound('agent', id, 'id');
    const { host } = agent;
    const known = await write.em.find(
      PortBinding,
      { host, removedAt: null },
      { fields: ['portId'] },
    );
    const portIds = known.map(({ portId }) => portId);
    await lockPorts(write, portIds, { register: false });
    const bindings = [...(await readBindings(write, portIds)).values()].flat();
    await writeBindings(
      write,
      bindings.filter((binding) => binding.host === host).flatMap(forsake),
    );
    // Decided by the database's clock in the statement that deletes, so that a heartbeat cannot slip between.
    const deleted = await write.em.nativeDelete(Agent, {
      $and: [{ id }, aliveIs(false, services.settings.agentDownMs)],
    });
    if (deleted === 0) {
      throw conflict(
        `The agent on host ${host} is alive: stop it first, or set adminStateUp to false to lift its limits.`,
        'id',
      );
    }
    await audit(write, [
      { action: 'agent.deleted', objectId: id, tenantId: null, before: { host }, after: null },
    ]);
    write.agents.push({ type: 'DELETED', id });
    return id;
  });
}
