import { GraphQLError } from 'graphql';
import type { Role } from '../domain/actor.ts';

const kib = 1024;

/** For applyQosRules with its 10,000 rules; nobody else has so much to say. */
export const largestBody = 8 * kib * kib;
const mostRolesBody = 256 * kib;

/** What a body may have at most, by who sends it. */
export const mostBytes = (role: Role): number =>
  role === 'admin' || role === 'member' ? largestBody : mostRolesBody;

/**
 * Refuses a body that is larger than the role may send, before any of it is read. It needs
 * Content-Length, which Node then holds the sender to; a body in chunks has none.
 */
export function checkBodySize(headers: Headers, role: Role): void {
  if (headers.has('transfer-encoding')) {
    throw tooLarge('Send the request with a Content-Length, not in chunks.', 411);
  }
  const most = mostBytes(role);
  const size = Number(headers.get('content-length') ?? 0);
  if (size > most) {
    throw tooLarge(`The request may have ${most} bytes at most with this role, not ${size}.`, 413);
  }
}

const tooLarge = (message: string, status: number): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'REQUEST_ENTITY_TOO_LARGE', http: { status } } });
