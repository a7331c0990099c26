import type { IncomingMessage } from 'node:http';
import type { Authenticator } from '../auth/authenticator.ts';
import type { Credential } from '../auth/claims.ts';
import { peerOf } from './peer.ts';

const found = new WeakMap<IncomingMessage, Promise<Credential>>();

/** Who sends the request. Asked again it answers the same: a refusal that took seconds is not waited for twice. */
export function credentialOf(
  authenticator: Authenticator,
  request: IncomingMessage,
): Promise<Credential> {
  const known = found.get(request);
  if (known) return known;
  const credential = authenticator.authenticate(request.headers.authorization, peerOf(request));
  found.set(request, credential);
  return credential;
}
