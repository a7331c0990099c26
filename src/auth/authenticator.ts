import { Recent } from '../../lib/recent.ts';
import type { Actor, EnrolledToken } from '../domain/actor.ts';
import { refuse } from '../domain/errors.ts';
import { certificateCredential, refuseOtherHost } from './certificates.ts';
import type { Credential } from './claims.ts';
import type { IdentityProvider } from './identityProvider.ts';
import { inTime } from './inTime.ts';
import type { Peer } from './peer.ts';
import type { Revocations } from './revocations.ts';
import { bearerToken, expired, unauthenticated, verifyToken } from './tokens.ts';

const mostKnown = 4_096;

/** Lets an enrolled host's token in, or refuses it. */
export type AdmitEnrolled = (
  actor: Extract<Actor, { role: 'agent' }>,
  token: EnrolledToken,
) => Promise<void>;

/** Decides who may come in, and whether one who did may stay. */
export class Authenticator {
  readonly #secret: Uint8Array;
  readonly #revocations: Pick<Revocations, 'has'>;
  /** Of the server's own tokens, whose signature was found right. */
  readonly #known = new Recent<string, Credential>(mostKnown);
  readonly #provider: IdentityProvider | undefined;

  readonly #admitEnrolled: AdmitEnrolled | undefined;

  /** With a provider its tokens are taken as well as the server's own. */
  constructor(
    secret: Uint8Array,
    revocations: Pick<Revocations, 'has'>,
    provider?: IdentityProvider,
    admitEnrolled?: AdmitEnrolled,
  ) {
    this.#admitEnrolled = admitEnrolled;
    this.#secret = secret;
    this.#revocations = revocations;
    this.#provider = provider;
  }

  /** Takes an `Authorization` header and who sent it. Refuses with UNAUTHENTICATED, or UNAVAILABLE where it cannot know, or not within seconds. */
  async authenticate(header: string | null | undefined, peer: Peer): Promise<Credential> {
    const { certificate, address } = peer;
    const credential =
      !header && certificate
        ? certificateCredential(certificate, peer.says)
        : (this.#known.get(header ?? '') ?? (await this.#verify(header)));
    if (certificate) refuseOtherHost(credential.actor, certificate);
    const actor: Actor = { ...credential.actor, address };
    if (actor.role === 'agent' && actor.enrolled && this.#admitEnrolled)
      await inTime(this.#admitEnrolled(actor, actor.enrolled));
    this.check(credential);
    return { ...credential, actor };
  }

  /** A provider's token is verified each time: the key that signed it may have been withdrawn since. */
  async #verify(header: string | null | undefined): Promise<Credential> {
    const token = bearerToken(header);
    if (this.#provider?.isNamedBy(token)) return inTime(this.#provider.verify(token));
    const credential = verifyToken(this.#secret, header);
    this.#known.set(header ?? '', credential);
    return credential;
  }

  /** Refuses a credential that has expired or was revoked since it was shown. */
  check({ tokenId, expiresAtMs, actor }: Credential): void {
    if (expiresAtMs !== null && expiresAtMs <= Date.now()) throw expired(expiresAtMs);
    const enrolled = actor.role === 'agent' ? actor.enrolled : undefined;
    const ids = enrolled ? [tokenId, enrolled.credentialId] : [tokenId];
    const revoked = ids.map((id) => this.#revocations.has(id));
    if (revoked.includes(undefined)) {
      throw refuse('UNAVAILABLE', 'The server has not reached its database yet; try again soon.');
    }
    if (revoked.includes(true)) throw unauthenticated('The token was revoked.');
  }
}
