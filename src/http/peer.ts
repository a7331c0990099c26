import type { IncomingMessage } from 'node:http';
import type { Peer } from '../auth/peer.ts';

// RFC 4291 §2.5.5.2: what a socket for both protocols calls an IPv4 address.
const mappedPrefix = '::ffff:';

/** The other end of a request's connection. A header names no address: whoever sends it could say any. */
export function peerOf({ socket }: Pick<IncomingMessage, 'socket'>): Peer {
  return { address: socket.remoteAddress?.replace(mappedPrefix, '') };
}
