import { randomUUID } from 'node:crypto';
import { GraphQLError, type GraphQLErrorOptions, type GraphQLFormattedError } from 'graphql';
import type { Logger } from '../../lib/log.ts';
import { isUnavailable } from '../db/unavailable.ts';
import { type ErrorCode, type Fault, Refused } from '../domain/errors.ts';

/** `extensions.code` of every error in a response is one of these (contract). */
type ResponseCode = ErrorCode | 'INTERNAL_SERVER_ERROR';

// What this file made: such an error is never judged again. A code proves nothing, libraries set some too.
const made = new WeakSet<GraphQLError>();

/** One fault as an error of a response, at the place in the document where it was found. */
export function faultError(fault: Fault, place: GraphQLErrorOptions = {}): GraphQLError {
  const { code, message, field, retryAfterS } = fault;
  return responseError(code, message, place, {
    ...(field === undefined ? {} : { field }),
    ...(retryAfterS === undefined ? {} : { retryAfterS, http: tooMany(retryAfterS) }),
  });
}

/**
 * What a response says of an error: one error for each fault of a refusal. An error nobody foresaw
 * becomes an id that the log has beside the whole story, and nothing else.
 */
export function responseErrors(error: unknown, log: Logger): GraphQLError[] {
  const cause = rootOf(error);
  const place = error instanceof GraphQLError ? placeOf(error) : {};
  if (cause instanceof Refused) return cause.faults.map((fault) => faultError(fault, place));
  if (cause instanceof GraphQLError) return [graphqlError(cause, place, log)];
  if (isUnavailable(cause)) {
    log.warn({ error: cause }, 'The database is unavailable.');
    return [responseError('UNAVAILABLE', 'The database is unavailable; try again soon.', place)];
  }
  return [internalError(cause, place, log)];
}

/** What GraphQL or Yoga found wrong with a request; found while a field was answered, it is our fault. */
function graphqlError(error: GraphQLError, place: GraphQLErrorOptions, log: Logger): GraphQLError {
  if (made.has(error)) return error;
  if (error.path) return internalError(error, place, log);
  const { http, code } = error.extensions;
  const tooLarge = code === 'REQUEST_ENTITY_TOO_LARGE';
  const status = tooLarge || isNoRequest(code) ? { ...http, spec: false } : http;
  const extensions = status === undefined ? {} : { http: status };
  return responseError(
    tooLarge ? 'LIMIT_EXCEEDED' : 'BAD_USER_INPUT',
    error.message,
    place,
    extensions,
  );
}

/** Yoga's code for a body that is no GraphQL request at all: its status holds in every media type, `spec` would make it 200. */
const isNoRequest = (code: unknown) => code === 'BAD_REQUEST';

function internalError(cause: unknown, place: GraphQLErrorOptions, log: Logger): GraphQLError {
  const errorId = randomUUID();
  log.error({ errorId, error: cause }, 'An operation failed.');
  const message = `The server failed; its log has the reason under ${errorId}.`;
  return responseError('INTERNAL_SERVER_ERROR', message, place, { errorId });
}

function responseError(
  code: ResponseCode,
  message: string,
  place: GraphQLErrorOptions,
  extensions: Record<string, unknown> = {},
): GraphQLError {
  const http = code === 'UNAUTHENTICATED' ? { http: unauthorized } : {};
  const error = new GraphQLError(message, {
    ...place,
    extensions: { code, ...extensions, ...http },
  });
  made.add(error);
  return error;
}

// RFC 6750 §3: the answer to a missing or bad token is a 401 that names the scheme.
const unauthorized = { status: 401, headers: { 'WWW-Authenticate': 'Bearer realm="sluice"' } };

// RFC 6585 §4, RFC 9110 §10.2.3.
const tooMany = (retryAfterS: number) => ({
  status: 429,
  headers: { 'Retry-After': String(retryAfterS) },
});

/** As it is told where a status and headers mean nothing, or are told already. */
export function withoutHttp(error: GraphQLError): GraphQLFormattedError {
  const { extensions, ...formatted } = error.toJSON();
  const { http: _, ...rest } = extensions ?? {};
  return { ...formatted, extensions: rest };
}

/** True of what GraphQL refused by itself and nobody has looked at yet. */
export function isUnjudged(error: GraphQLError): boolean {
  const cause = rootOf(error);
  return cause instanceof GraphQLError && !made.has(cause);
}

function rootOf(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError ? rootOf(error.originalError) : error;
}

function placeOf({ nodes, source, positions, path }: GraphQLError): GraphQLErrorOptions {
  return {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    path: path ?? null,
  };
}
