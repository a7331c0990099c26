import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { ExecutionResult } from 'graphql';
import type { Logger } from '../../lib/log.ts';
import { asTraceparent } from '../../lib/tracing.ts';
import type { Authenticator } from '../auth/authenticator.ts';
import type { Credential } from '../auth/claims.ts';
import type { Context } from '../graphql/context.ts';
import { responseErrors, withoutHttp } from '../graphql/errors.ts';
import type { Services } from '../services/services.ts';
import { type BodyLimit, largeBodyFault } from './bodyLimit.ts';
import { type Budget, costOfRefusal } from './budget.ts';
import { credentialOf } from './credentialOf.ts';
import type { Engine } from './engine.ts';
import { type Operation, type OperationRequest, prepareOperation } from './operation.ts';
import { graphqlPath } from './yoga.ts';

export interface PostOptions {
  readonly engine: Engine;
  readonly services: Services;
  readonly authenticator: Authenticator;
  readonly budget: Budget;
  readonly bodyLimit: BodyLimit;
}

/**
 * Answers what nearly every request is, a POST of one valid query or mutation as JSON, without the
 * Request, Response and streams of the fetch API, which cost more than the operation does. Everything
 * else, and every refusal before an operation runs, is Yoga's to answer. False: it is.
 */
export async function answerPost(
  options: PostOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const { engine, services, budget } = options;
  const mediaType = mediaTypeOf(request);
  if (!mediaType) return false;
  const credential = await admitted(options, request, response);
  if (!credential) return false;
  const body = await bodyOf(request);
  // Its sender is gone: nobody waits for an answer.
  if (!body) return true;
  // Where it is read already, Yoga takes it from here (@whatwg-node/server, normalizeNodeRequest), which counts the
  // keys of what it finds: a stream has a handful, a buffer one for each byte.
  Object.assign(request, { body: Readable.from([body]) });
  const asked = requestOf(body);
  if (!asked) return false;
  const { actor } = credential;
  const traceparent = asTraceparent(request.headers.traceparent);
  const context = { services, actor, signal: signalOf(response), traceparent };
  const operation = prepared(engine, context, asked);
  if (!operation || operation.type === 'subscription') return false;
  const { document, operationName } = operation.args;
  const tooLarge = largeBodyFault(request, document, operationName);
  if (tooLarge) {
    // Said here: to read it once more costs as much again.
    budget.take(actor, costOfRefusal);
    send(response, mediaType, { errors: responseErrors(tooLarge, services.log) }, 413);
    return true;
  }
  // Refused: Yoga says so, for nothing is left then either.
  if (budget.take(actor, operation.cost) > 0) return false;
  const result = await resultOf(engine, operation, services.log);
  send(response, mediaType, result);
  return true;
}

const json = 'application/json';
const graphqlResponse = 'application/graphql-response+json';
/** What Yoga answers these with; any other Accept is its own to weigh. */
const answeredWith: Readonly<Record<string, string>> = {
  '*/*': json,
  [json]: json,
  [graphqlResponse]: graphqlResponse,
  [`${graphqlResponse}, ${json}`]: graphqlResponse,
};

/** Undefined: no plain request, or one with an Origin, which CORS has a word in. */
function mediaTypeOf({ method, url, headers }: IncomingMessage): string | undefined {
  const isPlain =
    method === 'POST' &&
    url === graphqlPath &&
    /^application\/json *(; *charset=utf-8)?$/i.test(headers['content-type'] ?? '') &&
    Number(headers['content-length']) > 0 &&
    headers['content-encoding'] === undefined &&
    headers.origin === undefined;
  return isPlain ? answeredWith[headers.accept ?? '*/*'] : undefined;
}

/** Nothing of a body is read before its credential is known, and what that one may send. */
async function admitted(
  { authenticator, bodyLimit }: PostOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Credential | undefined> {
  try {
    const credential = await credentialOf(authenticator, request);
    bodyLimit.admit(request, response, credential.actor);
    return credential;
  } catch {
    return undefined;
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk);
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks);
}

function requestOf(body: Buffer): OperationRequest | undefined {
  try {
    const asked: unknown = JSON.parse(String(body));
    if (!isObject(asked) || !Object.keys(asked).every((key) => isParameter(key))) return undefined;
    const { query, operationName = null, variables = null } = asked;
    if (typeof query !== 'string') return undefined;
    if (operationName !== null && typeof operationName !== 'string') return undefined;
    if (variables !== null && !isObject(variables)) return undefined;
    return { query, operationName, variables };
  } catch {
    return undefined;
  }
}

const isParameter = (key: string): boolean =>
  key === 'query' || key === 'operationName' || key === 'variables';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Aborts where the client goes away before it was answered. */
function signalOf(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}

function prepared(
  engine: Engine,
  context: Context,
  asked: OperationRequest,
): Operation | undefined {
  try {
    const operation = prepareOperation(engine, context, asked);
    return 'args' in operation ? operation : undefined;
  } catch {
    return undefined;
  }
}

async function resultOf(
  engine: Engine,
  { args }: Operation,
  log: Logger,
): Promise<ExecutionResult> {
  try {
    return await engine.execute(args);
  } catch (error) {
    return { errors: responseErrors(error, log) };
  }
}

function send(
  response: ServerResponse,
  mediaType: string,
  { errors, ...result }: ExecutionResult,
  status = 200,
): void {
  const text = JSON.stringify(errors ? { errors: errors.map(withoutHttp), ...result } : result);
  response.writeHead(status, {
    'Content-Type': `${mediaType}; charset=utf-8`,
    'Content-Length': Buffer.byteLength(text),
  });
  response.end(text);
}
