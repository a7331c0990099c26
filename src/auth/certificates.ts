import type { Actor } from '../domain/actor.ts';
import type { Credential } from './claims.ts';
import type { ClientCertificate } from './peer.ts';
import { unauthenticated } from './tokens.ts';

/** An agent's certificate is its credential, for exactly the host that it names. */
export function certificateCredential(
  { names, fingerprint, expiresAtMs }: ClientCertificate,
  says: string | undefined,
): Credential {
  const host = says ?? (names.length === 1 ? names[0] : undefined);
  if (host === undefined) {
    throw unauthenticated(
      `The certificate names ${names.length} hosts: say which this is, as host in connection_init or in the header Sluice-Host.`,
    );
  }
  if (!names.includes(host)) throw unauthenticated(`The certificate does not name host ${host}.`);
  const tokenId = `certificate:${fingerprint}`;
  return { actor: { role: 'agent', subject: tokenId, host }, tokenId, expiresAtMs };
}

/** A host that shows its certificate comes in with no other host's token. */
export function refuseOtherHost(actor: Actor, { names }: ClientCertificate): void {
  if (actor.role !== 'agent' || names.includes(actor.host)) return;
  throw unauthenticated(
    `The token is for host ${actor.host}, which the certificate does not name.`,
  );
}
