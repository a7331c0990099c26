import { Recent } from '../../lib/recent.ts';
import { refuse } from '../domain/errors.ts';
import type { Credential } from './claims.ts';
import type { IdentityProvider } from './identityProvider.ts';
import type { Peer } from './peer.ts';
import type { Revocations } from './revocations.ts';
import { bearerToken, expired, unauthenticated, verifyToken } from './tokens.ts';

const mostKnown = 4_096;

/** Decides who may come in, and whether one who did may stay. */
export class Authenticator {
  readonly #secret: Uint8Array;
  readonly #revocations: Pick<Revocations, 'has'>;
  /** Of the server's own tokens, whose signature was found right. */
  readonly #known = new Recent<string, Credential>(mostKnown);
  readonly #provider: IdentityProvider | undefined;

  /** With a provider its tokens are taken as well as the server's own. */
  constructor(
    secret: Uint8Array,
    revocations: Pick<Revocations, 'has'>,
    provider?: IdentityProvider,
  ) {
    this.#secret = secret;
    this.#revocations = revocations;
    this.#provider = provider;
  }

  /** Takes an `Authorization` header and who sent it. Refuses with UNAUTHENTICATED, or UNAVAILABLE before it can know. */
  async authenticate(header: string | null | undefined, { address }: Peer): Promise<Credential> {
    const credential = this.#known.get(header ?? '') ?? (await this.#verify(header));
    this.check(credential);
    return { ...credential, actor: { ...credential.actor, address } };
  }

  /** A provider's token is verified each time: the key that signed it may have been withdrawn since. */
  async #verify(header: string | null | undefined): Promise<Credential> {
    const token = bearerToken(header);
    if (this.#provider?.isNamedBy(token)) return this.#provider.verify(token);
    const credential = verifyToken(this.#secret, header);
    this.#known.set(header ?? '', credential);
    return credential;
  }

  /** Refuses a credential that has expired or was revoked since it was shown. */
  check({ tokenId, expiresAtMs }: Credential): void {
    if (expiresAtMs !== null && expiresAtMs <= Date.now()) throw expired(expiresAtMs);
    const revoked = this.#revocations.has(tokenId);
    if (revoked === undefined) {
      throw refuse('UNAVAILABLE', 'The server has not reached its database yet; try again soon.');
    }
    if (revoked) throw unauthenticated('The token was revoked.');
  }
}
