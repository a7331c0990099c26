import { forbidden } from './errors.ts';

export const roles = ['admin', 'member', 'reader', 'agent'] as const;
export type Role = (typeof roles)[number];

/**
 * Who asks. Host and tenant come from the credential, never from an argument (invariant 11):
 * a member or reader has a tenant, an agent has a host, an administrator has neither bound.
 */
export type Actor = Who &
  (
    | { readonly role: 'admin'; readonly tenantId: string | null }
    | { readonly role: 'member' | 'reader'; readonly tenantId: string }
    | {
        readonly role: 'agent';
        readonly host: string;
        readonly enrolled?: EnrolledToken | undefined;
      }
  );

/** The token of an enrolled host's credential: which of them, and whose. */
export interface EnrolledToken {
  readonly id: string;
  readonly credentialId: string;
}

interface Who {
  readonly subject: string;
  /** The network address that the request came from; absent: from no network. */
  readonly address?: string | undefined;
}

/** The tenant whose objects the actor sees; null: all of them. An agent sees no tenant's. */
export function visibleTenant(actor: Actor): string | null {
  switch (actor.role) {
    case 'admin':
      return null;
    case 'member':
    case 'reader':
      return actor.tenantId;
    case 'agent':
      throw forbidden('An agent may only read its own feed and report on its own host.');
  }
}

export function requireRole(actor: Actor, allowed: readonly Role[], what: string): void {
  if (!allowed.includes(actor.role)) {
    throw forbidden(
      `${what} needs the role ${allowed.join(' or ')}; this credential's is ${actor.role}.`,
    );
  }
}

/** An agent acts for the host in its credential and no other. */
export function requireOwnHost(actor: Actor, host: string): void {
  if (actor.role !== 'agent') {
    throw forbidden(
      `Only the agent of host ${host} may do this; this credential's role is ${actor.role}.`,
    );
  }
  if (actor.host !== host) {
    throw forbidden(`This credential is for host ${actor.host}, not ${host}.`, 'host');
  }
}
