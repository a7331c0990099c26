import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** An address of this machine's own, or the name of one. */
export function isLoopbackAddress(address: string): boolean {
  if (address === 'localhost') return true;
  const version = isIP(address);
  return version !== 0 && loopback.check(address, version === 4 ? 'ipv4' : 'ipv6');
}

/**
 * The request was made on this machine, and not handed on by a proxy here. It must name this machine too: a page
 * whose name was made to lead here (DNS rebinding) has the browser ask by that name.
 */
export function isFromLoopback({ socket, headers }: IncomingMessage): boolean {
  const forwarded = 'forwarded' in headers || 'x-forwarded-for' in headers;
  const named = URL.parse(`http://${headers.host}`)?.hostname ?? '';
  return !forwarded && isLoopbackAddress(socket.remoteAddress ?? '') && isLoopbackHost(named);
}

/** The same as a URL has it. */
export const isLoopbackHost = (hostname: string): boolean =>
  isLoopbackAddress(hostname.replace(/^\[|\]$/g, ''));
