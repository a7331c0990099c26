import { randomUUID } from 'node:crypto';
import { type JWTPayload, SignJWT } from 'jose';
import { type Refused, refuse } from '../domain/errors.ts';
import type { TokenSigner } from '../domain/tokenSigner.ts';
import { type Claims, type Credential, checkClaims, credentialOf } from './claims.ts';
import { openHs256 } from './hs256.ts';

const issuer = 'sluice';

/** A new signed token and its id, by which it can be revoked. Without `expiresInMs` it holds until then. */
export async function createToken(
  secret: Uint8Array,
  claims: Claims,
  expiresInMs?: number,
): Promise<{ id: string; token: string }> {
  checkClaims(claims);
  const id = randomUUID();
  return { id, token: await sign(secret, { ...claims }, id, expiresInMs) };
}

/** Signs what services hand out. An enrolment token has no role: nobody comes in with it. */
export const tokenSigner = (secret: Uint8Array): TokenSigner => ({
  enrolment: (id, host, lifetimeMs) => sign(secret, { enrols: host }, id, lifetimeMs),
  agent: ({ id, credentialId, host }, lifetimeMs) =>
    sign(secret, { role: 'agent', host, credential: credentialId }, id, lifetimeMs),
});

function sign(secret: Uint8Array, claims: JWTPayload, id: string, lifetimeMs?: number) {
  const jwt = new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(issuer)
    .setJti(id)
    .setIssuedAt();
  if (lifetimeMs !== undefined) jwt.setExpirationTime(new Date(Date.now() + lifetimeMs));
  return jwt.sign(secret);
}

/** What an enrolment token in an `Authorization` header says. Refuses any other token. */
export function verifyEnrolment(
  secret: Uint8Array,
  header: string | null | undefined,
): { readonly id: string; readonly host: string } {
  const { jti: id, enrols: host } = verified(secret, bearerToken(header));
  if (typeof id === 'string' && typeof host === 'string') return { id, host };
  throw unauthenticated('The token is no enrolment token.');
}

/**
 * Who an `Authorization: Bearer …` header speaks for. Refuses with UNAUTHENTICATED; the sentence says
 * why and never holds any of the token.
 */
export function verifyToken(secret: Uint8Array, header: string | null | undefined): Credential {
  const credential = credentialOf(verified(secret, bearerToken(header)));
  if (!credential) throw unauthenticated('The token names no role, tenant or host that it needs.');
  return credential;
}

/** The token of an `Authorization` header. */
export function bearerToken(header: string | null | undefined): string {
  if (!header) {
    throw unauthenticated('A credential is needed: send "Authorization: Bearer TOKEN".');
  }
  const token = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(header)?.[1];
  if (!token) throw unauthenticated('The credential must read "Bearer TOKEN".');
  return token;
}

/** The claims of a token that this server signed, and whose time is now (RFC 7519 §4.1.4, §4.1.5). */
function verified(secret: Uint8Array, token: string): Readonly<Record<string, unknown>> {
  const opened = openHs256(secret, token);
  if (!opened) throw unauthenticated(notOurs);
  if (!opened.isSigned) throw unauthenticated('The token was not signed by this server.');
  const { iss, exp = null, nbf = 0 } = opened.payload;
  if (iss !== issuer || !isTime(exp ?? 0) || !isTime(nbf) || Number(nbf) * 1000 > Date.now()) {
    throw unauthenticated(notOurs);
  }
  if (exp !== null && Number(exp) * 1000 <= Date.now()) throw expired(Number(exp) * 1000);
  return opened.payload;
}

const notOurs = 'The token is not one that this server makes.';
const isTime = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);

export const expired = (atMs: number): Refused =>
  unauthenticated(`The token expired at ${new Date(atMs).toISOString()}.`);

export const unauthenticated = (message: string): Refused => refuse('UNAUTHENTICATED', message);
