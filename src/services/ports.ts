import type { Cursor } from '@mikro-orm/postgresql';
import { type Actor, requireRole, visibleTenant } from '../domain/actor.ts';
import { bind, unbind } from '../domain/bindings.ts';
import { conflict, notFound, refuseIfAny } from '../domain/errors.ts';
import { bounds, listFault, textFault } from '../domain/text.ts';
import { Port } from '../entities/Port.ts';
import { audit } from './audit.ts';
import { readBindings, writeBindings } from './bindings.ts';
import { lockPorts } from './locks.ts';
import { type Page, pageOptions } from './paging.ts';
import { type Claim, portNetwork } from './portOwnership.ts';
import { fillPorts } from './registerPorts.ts';
import type { Services } from './services.ts';
import { portsOnHosts } from './visibleHosts.ts';
import { inTransaction } from './write.ts';

export interface PortFilter {
  readonly id?: readonly string[] | null | undefined;
  readonly tenantId?: readonly string[] | null | undefined;
  readonly networkId?: readonly string[] | null | undefined;
  readonly host?: readonly string[] | null | undefined;
}

export interface BindPortInput extends Claim {
  readonly portId: string;
  readonly host: string;
  readonly name?: string | null | undefined;
}

export async function getPort(services: Services, actor: Actor, id: string): Promise<Port | null> {
  const tenantId = visibleTenant(actor);
  return services.emFor(actor).findOne(Port, tenantId === null ? { id } : { id, tenantId });
}

/** Registered ports in id order; a member sees its tenant's. */
export async function listPorts(
  services: Services,
  actor: Actor,
  filter: PortFilter,
  page: Page,
): Promise<Cursor<Port>> {
  refuseIfAny(
    (['id', 'tenantId', 'networkId', 'host'] as const).flatMap((key) =>
      listFault(`filter.${key}`, filter[key], bounds.filterValues),
    ),
  );
  const em = services.emFor(actor);
  const tenantId = visibleTenant(actor);
  const where = {
    $and: [
      tenantId === null ? {} : { tenantId },
      filter.id ? { id: { $in: [...filter.id] } } : {},
      filter.tenantId ? { tenantId: { $in: [...filter.tenantId] } } : {},
      filter.networkId ? { networkId: { $in: [...filter.networkId] } } : {},
      filter.host ? { id: { $in: portsOnHosts(em, filter.host) } } : {},
    ],
  };
  return em.findByCursor(Port, { where, ...pageOptions(page, { id: 'asc' }) });
}

/** Binds a port to a host, before it is plugged or after; registers the port if nobody knew it. */
export async function bindPort(
  services: Services,
  actor: Actor,
  input: BindPortInput,
): Promise<Port> {
  requireRole(actor, ['admin'], 'Binding a port');
  refuseIfAny([
    ...textFault('host', input.host),
    ...textFault('tenantId', input.tenantId),
    ...textFault('name', input.name),
  ]);
  const { portId, host, name = null } = input;
  return inTransaction(services, actor, async (write) => {
    const port = (await lockPorts(write, [portId], { register: true })).get(portId);
    const networkId = portNetwork(portId, port, input);
    if (port?.tenantId && input.tenantId && port.tenantId !== input.tenantId) {
      throw conflict(
        `Port ${portId} belongs to tenant ${port.tenantId}, not ${input.tenantId}.`,
        'tenantId',
      );
    }
    await fillPorts(write, [{ id: portId, tenantId: input.tenantId ?? null, networkId, name }]);
    const here = (await readBindings(write, [portId])).get(portId)?.find((b) => b.host === host);
    const changes = bind(portId, host, here);
    await writeBindings(write, changes);
    await audit(write, [
      {
        action: 'port.bound',
        objectId: portId,
        tenantId: port?.tenantId ?? input.tenantId ?? null,
        before: here ?? null,
        after: changes[0]?.state ?? here ?? null,
      },
    ]);
    return write.em.findOneOrFail(Port, { id: portId });
  });
}

/** Takes an administrator's binding back. A port still plugged there stays limited, as one discovered. */
export async function unbindPort(
  services: Services,
  actor: Actor,
  { portId, host }: { readonly portId: string; readonly host: string },
): Promise<Port> {
  requireRole(actor, ['admin'], 'Unbinding a port');
  return inTransaction(services, actor, async (write) => {
    const port = (await lockPorts(write, [portId], { register: false })).get(portId);
    if (!port) throw notFound('port', portId, 'portId');
    const here = (await readBindings(write, [portId])).get(portId)?.find((b) => b.host === host);
    if (!here || here.removed) throw notFound(`binding of port ${portId} on host`, host, 'host');
    if (!here.bound) {
      throw conflict(
        `Port ${portId} was found on host ${host}, not bound there: its binding ends by itself once the port is unplugged.`,
        'host',
      );
    }
    const changes = unbind(here);
    await writeBindings(write, changes);
    await audit(write, [
      {
        action: 'port.unbound',
        objectId: portId,
        tenantId: port.tenantId,
        before: here,
        after: changes[0]?.state ?? null,
      },
    ]);
    return write.em.findOneOrFail(Port, { id: portId });
  });
}
