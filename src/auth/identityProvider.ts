import {
  createRemoteJWKSet,
  customFetch,
  decodeJwt,
  errors,
  type JWTPayload,
  jwtVerify,
} from 'jose';
import { z } from 'zod';
import { messageOf } from '../../lib/errors.ts';
import { refuse } from '../domain/errors.ts';
import { type Credential, credentialOf } from './claims.ts';
import { expired, unauthenticated } from './tokens.ts';

export interface IdentityProviderOptions {
  /** Compared letter by letter, as OpenID Connect Discovery 1.0 §4.3 has it. */
  readonly issuer: string;
  readonly audience: string;
  /** The claims that hold a role, and the tenant of a member or reader. */
  readonly roleClaim: string;
  readonly tenantClaim: string;
}

// Pinned, asymmetric only: a provider's public key is never taken for a shared secret (RFC 8725 §2.1, §3.1).
const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'];
/** An agent's credential is bound to a host, which no provider knows. */
const rolesFromOutside: readonly unknown[] = ['admin', 'member', 'reader'];

const requestTimeoutMs = 5_000;
/** A key that nobody knows makes the provider be asked so often at most, whatever comes. */
const unknownKeyEveryMs = 30_000;
const keysHoldMs = 10 * 60_000;
/** After a failure nobody waits for the provider for so long. */
const quietMs = 5_000;

const discoverySchema = z.object({ issuer: z.string(), jwks_uri: z.url() });

/** Takes the tokens of an identity provider whose keys are found by OpenID Connect Discovery. */
export class IdentityProvider {
  readonly #options: IdentityProviderOptions;
  #keys: Promise<ReturnType<typeof createRemoteJWKSet>> | undefined;
  #failedAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: IdentityProviderOptions) {
    this.#options = options;
  }

  /** True of a token that says it comes from there; whether it does is for `verify`. */
  isNamedBy(token: string): boolean {
    try {
      return decodeJwt(token).iss === this.#options.issuer;
    } catch {
      return false;
    }
  }

  /** Refuses with UNAUTHENTICATED, or with UNAVAILABLE while the provider cannot be asked for its keys. */
  async verify(token: string): Promise<Credential> {
    const payload = await this.#verified(token);
    const { roleClaim, tenantClaim } = this.#options;
    const role = payload[roleClaim];
    if (!rolesFromOutside.includes(role)) {
      throw unauthenticated(
        `The token's claim ${roleClaim} must be one of ${rolesFromOutside.join(', ')}.`,
      );
    }
    const { sub, jti = sub, exp } = payload;
    const tenant = payload[tenantClaim];
    // Marked, so that no provider can give the id of a token of the server's own.
    const credential = credentialOf({ jti: `oidc:${jti}`, sub: `oidc:${sub}`, role, tenant, exp });
    if (!credential) {
      throw unauthenticated(`The token's claim ${tenantClaim} must name the ${role}'s tenant.`);
    }
    return credential;
  }

  async #verified(token: string): Promise<JWTPayload> {
    const { issuer, audience } = this.#options;
    const required = { algorithms, issuer, audience, requiredClaims: ['exp', 'sub'] };
    const keys = await this.#findKeys();
    try {
      const { payload } = await jwtVerify(token, keys, required);
      return payload;
    } catch (error) {
      throw refusalOf(error);
    }
  }

  #findKeys(): Promise<ReturnType<typeof createRemoteJWKSet>> {
    this.#keys ??= this.#discover().catch((error: unknown) => {
      this.#keys = undefined;
      throw refusalOf(error);
    });
    return this.#keys;
  }

  async #discover(): Promise<ReturnType<typeof createRemoteJWKSet>> {
    const { issuer } = this.#options;
    const at = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const response = await this.#fetch(at, { signal: AbortSignal.timeout(requestTimeoutMs) });
    const found = discoverySchema.safeParse(await response.json().catch(() => undefined));
    if (found.data?.issuer !== issuer) throw this.#away(`${at} does not describe ${issuer}`);
    return createRemoteJWKSet(new URL(found.data.jwks_uri), {
      timeoutDuration: requestTimeoutMs,
      cooldownDuration: unknownKeyEveryMs,
      cacheMaxAge: keysHoldMs,
      [customFetch]: (url, init) => this.#fetch(url, init),
    });
  }

  async #fetch(url: string, init: RequestInit): Promise<Response> {
    if (performance.now() - this.#failedAtMs < quietMs) {
      throw new ProviderAway('it failed a moment ago');
    }
    const response = await fetch(url, { ...init, redirect: 'error' }).catch((error: unknown) => {
      throw this.#away(messageOf(error));
    });
    if (!response.ok) throw this.#away(`${url} answered with HTTP ${response.status}`);
    return response;
  }

  #away(reason: string): ProviderAway {
    this.#failedAtMs = performance.now();
    return new ProviderAway(reason);
  }
}

class ProviderAway extends Error {}

function refusalOf(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) return expired(Number(error.payload.exp) * 1000);
  if (error instanceof errors.JWTClaimValidationFailed) {
    return unauthenticated(`The token's claim ${error.claim} is not what this server needs.`);
  }
  if (error instanceof ProviderAway) {
    return refuse(
      'UNAVAILABLE',
      `The identity provider cannot be asked for its keys: ${messageOf(error)}.`,
    );
  }
  if (error instanceof errors.JOSEError) {
    return unauthenticated('The token was not signed by the identity provider.');
  }
  return error;
}
