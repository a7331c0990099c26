import type { IncomingMessage } from 'node:http';

/**
 * Whether a page of this origin may open a WebSocket here. Browsers always send Origin and let any page
 * connect anywhere; a program sends none. No list: the page must come from this server.
 */
export function isAllowedOrigin(
  { headers }: Pick<IncomingMessage, 'headers'>,
  allowed: readonly string[] | undefined,
): boolean {
  const { origin, host } = headers;
  if (origin === undefined) return true;
  if (allowed) return allowed.includes(origin);
  return URL.parse(origin)?.host === host;
}
