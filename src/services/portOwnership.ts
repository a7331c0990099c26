import type { Actor } from '../domain/actor.ts';
import { conflict, forbidden, refuse } from '../domain/errors.ts';
import type { LockedPort } from './locks.ts';

/** What a request says about the port's owner. */
export interface Claim {
  readonly tenantId?: string | null | undefined;
  readonly networkId?: string | null | undefined;
}

export const foreignTenant = (own: string, field: string) =>
  forbidden(`Only an administrator may name another tenant; this credential's is ${own}.`, field);

/** The same of a port that is another tenant's, nobody's, or not there. */
const noPort = (own: string, portId: string, field: string) =>
  refuse(
    'NOT_FOUND',
    `Tenant ${own} has no port ${portId}: an administrator gives it one, by the port's first rule or by binding it.`,
    field,
  );

/**
 * The tenant of a rule on `port`: the port's, else the one named, else the caller's (contract,
 * CreateQosRuleInput). A member reaches its own tenant's registered ports only, and learns nothing of
 * others.
 */
export function ruleTenant(
  actor: Actor,
  portId: string,
  port: LockedPort | undefined,
  claim: Claim,
  path = '',
): string {
  if (actor.role === 'agent') throw forbidden('An agent may not make rules.');
  if (actor.role !== 'admin') {
    if (claim.tenantId && claim.tenantId !== actor.tenantId) {
      throw foreignTenant(actor.tenantId, `${path}tenantId`);
    }
    if (port?.tenantId !== actor.tenantId) throw noPort(actor.tenantId, portId, `${path}portId`);
    return actor.tenantId;
  }
  if (port?.tenantId && claim.tenantId && claim.tenantId !== port.tenantId) {
    throw conflict(
      `Port ${portId} belongs to tenant ${port.tenantId}, not ${claim.tenantId}.`,
      `${path}tenantId`,
    );
  }
  const tenantId = port?.tenantId ?? claim.tenantId ?? actor.tenantId;
  if (!tenantId) {
    throw refuse(
      'BAD_USER_INPUT',
      `Port ${portId} has no tenant yet: name one with tenantId.`,
      `${path}tenantId`,
    );
  }
  return tenantId;
}

/** The network of the port: the registered one, which a request may name but not change. */
export function portNetwork(
  portId: string,
  port: LockedPort | undefined,
  claim: Claim,
  path = '',
): string | null {
  if (port?.networkId && claim.networkId && claim.networkId !== port.networkId) {
    throw conflict(
      `Port ${portId} is in network ${port.networkId}, not ${claim.networkId}.`,
      `${path}networkId`,
    );
  }
  return port?.networkId ?? claim.networkId ?? null;
}
