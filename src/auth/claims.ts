import { z } from 'zod';
import { UserError } from '../../lib/errors.ts';
import { type Actor, type Role, roles } from '../domain/actor.ts';

/** What a token says besides who signed it: the role, and the tenant or host that bounds it. */
export interface Claims {
  readonly role: Role;
  readonly tenant?: string | undefined;
  readonly host?: string | undefined;
}

const name = z.string().min(1).max(255);
const tokenSchema = z.object({
  jti: z.string().min(1),
  sub: z.string().min(1).optional(),
  role: z.enum(roles),
  tenant: name.optional(),
  host: name.optional(),
  credential: z.uuid().optional(),
  exp: z.number().optional(),
});

/** A verified token: who asks, and until when. */
export interface Credential {
  readonly actor: Actor;
  readonly tokenId: string;
  /** Null: until it is revoked. */
  readonly expiresAtMs: number | null;
}

/** Null where the payload is none that this server makes: a member without a tenant, an agent without a host. */
export function credentialOf(payload: unknown): Credential | null {
  const token = tokenSchema.safeParse(payload);
  if (!token.success) return null;
  const { jti, sub, exp, credential, ...claims } = token.data;
  const named = actorOf(sub ?? credential ?? jti, claims);
  const actor =
    named?.role === 'agent' && credential !== undefined
      ? { ...named, enrolled: { id: jti, credentialId: credential } }
      : named;
  return actor && { actor, tokenId: jti, expiresAtMs: exp === undefined ? null : exp * 1000 };
}

function actorOf(subject: string, { role, tenant, host }: Claims): Actor | null {
  switch (role) {
    case 'admin':
      return { role, subject, tenantId: tenant ?? null };
    case 'member':
    case 'reader':
      return tenant === undefined ? null : { role, subject, tenantId: tenant };
    case 'agent':
      return host === undefined ? null : { role, subject, host };
  }
}

/** Refuses to make a token that says too little or too much, in the words of the command line. */
export function checkClaims({ role, tenant, host }: Claims): void {
  if ((role === 'member' || role === 'reader') && tenant === undefined) {
    throw new UserError(
      `A ${role}'s token needs --tenant: its objects are all that it reaches.`,
      2,
    );
  }
  if (role === 'agent' && host === undefined) {
    throw new UserError("An agent's token needs --host: it reaches that host only.", 2);
  }
  if (role === 'agent' && tenant !== undefined) {
    throw new UserError("An agent's token has no --tenant: it is bound to its host.", 2);
  }
  if (role !== 'agent' && host !== undefined) {
    throw new UserError(`A ${role}'s token has no --host: only an agent's is bound to one.`, 2);
  }
  for (const value of [tenant, host]) {
    if (value !== undefined && !name.safeParse(value).success) {
      throw new UserError('--tenant and --host must have 1 to 255 characters.', 2);
    }
  }
}
