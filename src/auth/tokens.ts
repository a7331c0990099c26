import { randomUUID } from 'node:crypto';
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { type Refused, refuse } from '../domain/errors.ts';
import { type Claims, type Credential, checkClaims, credentialOf } from './claims.ts';

const issuer = 'sluice';
// Pinned, so that no header can choose another or none (RFC 8725 §3.1).
const algorithm = 'HS256';

/** A new signed token and its id, by which it can be revoked. Without `expiresInMs` it holds until then. */
export async function createToken(
  secret: Uint8Array,
  claims: Claims,
  expiresInMs?: number,
): Promise<{ id: string; token: string }> {
  checkClaims(claims);
  const id = randomUUID();
  const jwt = new SignJWT({ ...claims })
    .setProtectedHeader({ alg: algorithm })
    .setIssuer(issuer)
    .setJti(id)
    .setIssuedAt();
  if (expiresInMs !== undefined) jwt.setExpirationTime(new Date(Date.now() + expiresInMs));
  return { id, token: await jwt.sign(secret) };
}

/**
 * Who an `Authorization: Bearer …` header speaks for. Refuses with UNAUTHENTICATED; the sentence says
 * why and never holds any of the token.
 */
export async function verifyToken(
  secret: Uint8Array,
  header: string | null | undefined,
): Promise<Credential> {
  const credential = credentialOf(await verified(secret, bearerToken(header)));
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

async function verified(secret: Uint8Array, token: string): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, secret, { algorithms: [algorithm], issuer });
    return payload;
  } catch (error) {
    throw refusalOf(error);
  }
}

function refusalOf(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) {
    return expired(Number(error.payload.exp) * 1000);
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return unauthenticated('The token was not signed by this server.');
  }
  if (error instanceof errors.JOSEError) {
    return unauthenticated('The token is not one that this server makes.');
  }
  return error;
}

export const expired = (atMs: number): Refused =>
  unauthenticated(`The token expired at ${new Date(atMs).toISOString()}.`);

export const unauthenticated = (message: string): Refused => refuse('UNAUTHENTICATED', message);
