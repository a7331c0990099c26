import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { verifyEnrolment } from '../auth/tokens.ts';
import { Refused, refuse } from '../domain/errors.ts';
import { enrol } from '../services/enrolment.ts';
import type { Services } from '../services/services.ts';
import { peerOf } from './peer.ts';

export interface EnrolmentParts {
  readonly services: Services;
  readonly tokenSecret: Uint8Array;
}

const mostBytes = 2_048;
const requestSchema = z.object({
  host: z.string().min(1).max(255),
  exchange: z.string().min(16).max(128),
});

/**
 * Exchanges an enrolment token for a host's credential. Beside GraphQL, which nobody reaches without a role. None
 * of the body is read before the token is known to be one that this server signed.
 */
export async function answerEnrolment(
  { services, tokenSecret }: EnrolmentParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    if (request.method !== 'POST') throw refuse('BAD_USER_INPUT', 'Enrol with POST.');
    const { id, host: tokenHost } = verifyEnrolment(tokenSecret, request.headers.authorization);
    const { host, exchange } = await bodyOf(request);
    const { address } = peerOf(request);
    answer(response, 200, await enrol(services, { id, tokenHost, host, exchange, address }));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const [fault] = error.faults;
    const status = fault?.code === 'UNAUTHENTICATED' ? 401 : 400;
    answer(response, status, { code: fault?.code, error: error.message });
  }
}

async function bodyOf(request: IncomingMessage): Promise<z.infer<typeof requestSchema>> {
  const wrong = refuse('BAD_USER_INPUT', 'The body must be JSON with host and exchange.');
  if (!(Number(request.headers['content-length']) <= mostBytes)) throw wrong;
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const asked = requestSchema.safeParse(parse(String(Buffer.concat(chunks))));
  if (!asked.success) throw wrong;
  return asked.data;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function answer(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
  });
  response.end(text);
}
