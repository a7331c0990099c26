import type { ClientTls } from './tls.ts';

export interface EnrolRequest {
  /** The GraphQL endpoint; enrolling has a path of its own on the same server. */
  readonly server: string;
  readonly token: string;
  readonly host: string;
  readonly exchange: string;
  readonly tls: ClientTls;
}

export interface IssuedCredential {
  readonly token: string;
  readonly lifetimeMs: number;
}

const timeoutMs = 10_000;
const mostAnswerBytes = 64 * 1024;

/** Asks a server for this host's credential. Rejects with its sentence where it refuses. */
export async function enrol(asked: EnrolRequest): Promise<IssuedCredential> {
  const { status, text } = await post(asked);
  const body = parse(text);
  if (status === 200 && typeof body.token === 'string' && typeof body.lifetimeMs === 'number') {
    return { token: body.token, lifetimeMs: body.lifetimeMs };
  }
  throw new Error(
    `This host cannot enrol: ${body.error ?? `HTTP ${status} from ${asked.server}.`}`,
  );
}

interface Answer {
  readonly token?: unknown;
  readonly lifetimeMs?: unknown;
  readonly error?: unknown;
}

function post({ server, token, host, exchange, tls }: EnrolRequest) {
  const url = new URL('/enrol', server.replace(/^ws/, 'http'));
  const body = JSON.stringify({ host, exchange });
  const options = {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    },
    signal: AbortSignal.timeout(timeoutMs),
    agent: false as const,
  };
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    // Not imported: an import of node:http loads all of undici (metricsServer.ts).
    const request =
      url.protocol === 'https:'
        ? process.getBuiltinModule('node:https').request(url, { ...options, ...tls })
        : process.getBuiltinModule('node:http').request(url, options);
    request.once('error', reject);
    request.once('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
        if (text.length > mostAnswerBytes) request.destroy(new Error('The answer is too long.'));
      });
      response.once('error', reject);
      response.once('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    request.end(body);
  });
}

function parse(text: string): Answer {
  try {
    return (JSON.parse(text) ?? {}) as Answer;
  } catch {
    return {};
  }
}
