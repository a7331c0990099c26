import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { ClientCertificate, Peer } from '../auth/peer.ts';

// RFC 4291 §2.5.5.2: what a socket for both protocols calls an IPv4 address.
const mappedPrefix = '::ffff:';

/**
 * The other end of a request's connection. A header names no address: whoever sends it could say any. A browser
 * shows its certificate to whatever a page asks for, so none counts of what a browser sends.
 */
export function peerOf({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): Peer {
  const address = socket.remoteAddress?.replace(mappedPrefix, '');
  const certificate = isFromBrowser(headers) ? undefined : certificateOf(socket);
  const says = headers['sluice-host'];
  return { address, certificate, says: typeof says === 'string' ? says : undefined };
}

/** A link or an image is asked for without an Origin; Sec-Fetch-Site (Fetch Metadata) no page can leave out. */
const isFromBrowser = (headers: IncomingMessage['headers']): boolean =>
  'origin' in headers || 'sec-fetch-site' in headers;

function certificateOf(socket: IncomingMessage['socket']): ClientCertificate | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  const { subject, subjectaltname, fingerprint256, valid_to } = socket.getPeerCertificate();
  if (!fingerprint256) return undefined;
  const common = typeof subject?.CN === 'string' ? [subject.CN] : [];
  const names = [...common, ...dnsNames(subjectaltname ?? '')];
  return {
    names: [...new Set(names)],
    fingerprint: fingerprint256,
    expiresAtMs: Date.parse(valid_to),
  };
}

/** Node prints a name that holds anything odd in quotes: such a name is no host's. */
const dnsNames = (altNames: string): string[] =>
  altNames.split(', ').flatMap((name) => /^DNS:([^"*]+)$/.exec(name)?.[1] ?? []);
