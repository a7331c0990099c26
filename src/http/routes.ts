import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '../../lib/log.ts';
import type { Authenticator } from '../auth/authenticator.ts';
import { Refused } from '../domain/errors.ts';
import type { Services } from '../services/services.ts';
import type { BodyLimit } from './bodyLimit.ts';
import type { Budget } from './budget.ts';
import { credentialOf } from './credentialOf.ts';
import type { Engine } from './engine.ts';
import { answerEnrolment } from './enrol.ts';
import type { Handler } from './httpServer.ts';
import { isFromLoopback } from './loopback.ts';
import type { Metrics } from './metrics.ts';
import { answerPost } from './post.ts';
import type { ReadinessProbe } from './probes.ts';
import { graphqlPath, type Yoga } from './yoga.ts';

export interface Routes {
  readonly yoga: Yoga;
  readonly engine: Engine;
  readonly services: Services;
  readonly probe: ReadinessProbe;
  readonly metrics: Metrics;
  readonly authenticator: Authenticator;
  readonly tokenSecret: Uint8Array;
  readonly budget: Budget;
  readonly bodyLimit: BodyLimit;
  readonly log: Logger;
}

/** What is found under which path. */
export function createHandler(routes: Routes): Handler {
  return async (request, response) => {
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.once('finish', () => endUnread(request));
    try {
      await route(routes, request, response);
    } catch (error) {
      routes.log.error({ error, path: request.url }, 'A request failed.');
      if (response.headersSent) response.destroy();
      else answer(response, 500, { error: 'The server failed; its log has the reason.' });
    }
  };
}

/** What a client may go on sending after its answer: time to read why it was refused. */
const lingerMs = 2_000;

/** Node reads and drops what is left of a body, however long: an answered client has no more to say. */
function endUnread(request: IncomingMessage): void {
  if (request.complete) return;
  const timer = setTimeout(() => request.socket.destroy(), lingerMs);
  request.once('close', () => clearTimeout(timer));
}

async function route(
  routes: Routes,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (await answerPost(routes, request, response)) return;
  const { yoga, probe, metrics, authenticator } = routes;
  switch (URL.parse(request.url ?? '', 'http://server')?.pathname) {
    case graphqlPath:
      await yoga(request, response, {});
      return;
    case '/enrol':
      return answerEnrolment(routes, request, response);
    case '/healthz':
      return answer(response, 200, { alive: true });
    case '/readyz': {
      const readiness = await probe.ask();
      return answer(response, readiness.ready ? 200 : 503, readiness);
    }
    case '/metrics':
      return answerMetrics(metrics, authenticator, request, response);
    default:
      return answer(response, 404, { error: `Nothing is here; GraphQL is at ${graphqlPath}.` });
  }
}

async function answerMetrics(
  { registry }: Metrics,
  authenticator: Authenticator,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const refusal = await metricsRefusal(authenticator, request);
  if (refusal) return answer(response, refusal.status, { error: refusal.message });
  response.setHeader('Content-Type', registry.contentType);
  response.end(await registry.metrics());
}

/** Metrics are for administrators, readers, and whoever is on this machine. */
async function metricsRefusal(
  authenticator: Authenticator,
  request: IncomingMessage,
): Promise<{ status: number; message: string } | undefined> {
  const { authorization } = request.headers;
  if (authorization === undefined && isFromLoopback(request)) return undefined;
  try {
    const { role } = (await credentialOf(authenticator, request)).actor;
    if (role === 'admin' || role === 'reader') return undefined;
    const message = `Metrics need the role admin or reader; this credential's is ${role}.`;
    return { status: 403, message };
  } catch (error) {
    if (error instanceof Refused) return { status: 401, message: error.message };
    throw error;
  }
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.end(`${JSON.stringify(body)}\n`);
}
