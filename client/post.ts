import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Attempt } from './errors.ts';

// Imported, node:http would load undici, which takes longer than most requests (agent/metricsServer.ts has the
// figures). The module that TLS needs is loaded where it is used.
const http = process.getBuiltinModule('node:http');

/** By what a server's certificate is judged, and what it is shown. */
export interface ClientTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

export interface PostOptions {
  readonly server: string;
  readonly token: string;
  readonly tls: ClientTls;
  readonly body: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

/** Posts JSON to one server. Resolves with an Attempt where no whole answer comes. */
export async function post(options: PostOptions): Promise<HttpAnswer | Attempt> {
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  let isSent = false;
  try {
    const request = open(options, signal);
    noteSending(request, () => {
      isSent = true;
    });
    request.end(options.body);
    const response = await responseTo(request);
    return { status: response.statusCode ?? 0, text: await textOf(response) };
  } catch (error) {
    const fault = timeout.aborted ? `nothing came for ${options.timeoutMs / 1000} s` : words(error);
    return { server: options.server, fault, code: codeOf(error), sent: isSent };
  }
}

function open({ server, token, tls, body }: PostOptions, signal: AbortSignal): ClientRequest {
  const url = new URL(server.replace(/^ws/, 'http'));
  const isSecure = url.protocol === 'https:';
  const { request } = isSecure ? process.getBuiltinModule('node:https') : http;
  return request(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      // The server reads no body of unknown length (docs/api.md, Limits).
      'content-length': Buffer.byteLength(body),
      authorization: `Bearer ${token}`,
    },
    signal,
    ...(isSecure && tls),
  });
}

/** Before the connection stands, and TLS on it, nothing can have reached the server. */
function noteSending(request: ClientRequest, onSending: () => void): void {
  request.once('socket', (socket) => {
    const isOpen = request.reusedSocket || !socket.connecting;
    if (isOpen) onSending();
    else socket.once(request.protocol === 'https:' ? 'secureConnect' : 'connect', onSending);
  });
}

function responseTo(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    // Stays: an error after the answer began is told by the answer.
    request.on('error', reject);
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  response.setEncoding('utf8');
  for await (const piece of response) text += piece;
  return text;
}

/** Where a name has several addresses, each has a fault of its own. */
function words(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(words).join(', ');
  return (error instanceof Error && error.message) || codeOf(error) || String(error);
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : '';
}
