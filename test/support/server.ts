import { once } from 'node:events';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { type Part, runTogether } from '../../lib/lifecycle.ts';
import { createLog } from '../../lib/log.ts';
import { sleep } from '../../lib/retry.ts';
import type { Claims } from '../../src/auth/claims.ts';
import { createToken } from '../../src/auth/tokens.ts';
import { composeServer, type ServerOptions } from '../../src/server.ts';
import type { Services } from '../../src/services/services.ts';
import { defaultSettings } from '../../src/services/settings.ts';
import { eventually } from './eventually.ts';
import { createDatabase } from './postgres.ts';

/** One error of a response, as the contract has it. */
export interface ResponseError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: {
    readonly code: string;
    readonly field?: string;
    readonly errorId?: string;
  };
}

export interface Answer<Data> {
  readonly status: number;
  readonly data?: Data | null;
  readonly errors?: readonly ResponseError[];
}

/** A whole server in this process, on a port of its own. */
export interface TestServer extends AsyncDisposable {
  readonly url: string;
  readonly webSocketUrl: string;
  readonly databaseUrl: string;
  readonly services: Services;
  token(claims: Claims, expiresInMs?: number): Promise<string>;
  /** Runs an operation over HTTP; text where a test needs what typed documents cannot say. */
  execute<Data, Variables>(
    token: string | null,
    document: TypedDocumentNode<Data, Variables> | string,
    variables?: Variables,
  ): Promise<Answer<Data>>;
  /** A graphql-ws client that never tries again; disposed with the server. */
  connect(token: string): Client;
  stop(): Promise<void>;
}

export interface TestServerOptions {
  /** Default: a database of the server's own. */
  readonly databaseUrl?: string;
  readonly settings?: Partial<Services['settings']>;
  readonly origins?: readonly string[];
  readonly doorbell?: ServerOptions['doorbell'];
  readonly pingIntervalMs?: number;
  readonly feed?: ServerOptions['feed'];
  readonly watchIntervalMs?: number;
  readonly drainMs?: number;
  readonly limits?: ServerOptions['limits'];
}

const mostMsToEnd = 20_000;
const secret = new TextEncoder().encode('a secret of tests, long enough for HS256');

export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const database = options.databaseUrl === undefined ? await createDatabase() : undefined;
  const databaseUrl = options.databaseUrl ?? database?.url ?? '';
  const { parts, http, services } = await composeServer({
    databaseUrl,
    doorbell: options.doorbell ?? 'postgres',
    tokenSecret: secret,
    listen: { host: '127.0.0.1', port: 0 },
    tls: undefined,
    origins: options.origins,
    settings: { ...defaultSettings, ...options.settings },
    log: createLog('test', 'silent', 'json'),
    pingIntervalMs: options.pingIntervalMs ?? 12_000,
    drainMs: options.drainMs ?? 0,
    limits: options.limits,
    feed: options.feed,
    watchIntervalMs: options.watchIntervalMs,
  });
  const controller = new AbortController();
  const atWork = new Set<string>();
  const running = runTogether(
    parts.map((part) => noted(part, atWork)),
    controller.signal,
  );
  const { port } = await http.listening;
  const url = `http://127.0.0.1:${port}`;
  const clients: Client[] = [];
  const stop = async () => {
    for (const client of clients) await client.dispose();
    controller.abort();
    await endsSoon(running, atWork);
    await database?.dispose();
  };
  await becomesReady(url).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return {
    url,
    webSocketUrl: `ws://127.0.0.1:${port}/graphql`,
    databaseUrl,
    services,
    token: async (claims, expiresInMs) => (await createToken(secret, claims, expiresInMs)).token,
    execute: (token, document, variables) => execute(url, token, document, variables),
    connect: (token) => {
      const client = connect(`ws://127.0.0.1:${port}/graphql`, token);
      clients.push(client);
      return client;
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function noted(part: Part, atWork: Set<string>): Part {
  return {
    name: part.name,
    run: async (signal) => {
      atWork.add(part.name);
      await part.run(signal).finally(() => atWork.delete(part.name));
    },
  };
}

/** A server that does not end would only show as a test that hangs. */
async function endsSoon(running: Promise<void>, atWork: ReadonlySet<string>): Promise<void> {
  const ended = new AbortController();
  const tooLate = sleep(mostMsToEnd, ended.signal).then(() => {
    if (ended.signal.aborted) return;
    const parts = [...atWork].join(', ');
    throw new Error(`The server did not end within ${mostMsToEnd} ms; still at work: ${parts}.`);
  });
  await Promise.race([running.finally(() => ended.abort()), tooLate]);
}

async function becomesReady(url: string): Promise<void> {
  await eventually(
    async () => {
      const response = await fetch(`${url}/readyz`);
      const text = await response.text();
      if (!response.ok) throw new Error(`The server is not ready: ${text}`);
    },
    // A history's weather keeps it from the database meanwhile.
    { timeoutMs: 20_000 },
  );
}

async function execute<Data, Variables>(
  url: string,
  token: string | null,
  document: TypedDocumentNode<Data, Variables> | string,
  variables?: Variables,
): Promise<Answer<Data>> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({
      query: typeof document === 'string' ? document : print(document),
      variables,
    }),
  });
  return { status: response.status, ...((await response.json()) as object) };
}

function connect(url: string, token: string): Client {
  return createClient({
    url,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { authorization: `Bearer ${token}` },
    onNonLazyError: () => undefined,
  });
}

export interface SocketOptions {
  readonly origin?: string;
  readonly authorization?: string;
  /** False: the client is gone without a word. */
  readonly autoPong?: boolean;
}

/** A bare socket that speaks the protocol by hand; every message it got, in order. */
export async function openSocket(
  server: Pick<TestServer, 'webSocketUrl'>,
  options: SocketOptions = {},
) {
  const socket = new WebSocket(server.webSocketUrl, 'graphql-transport-ws', {
    autoPong: options.autoPong ?? true,
    ...(options.origin === undefined ? {} : { origin: options.origin }),
  });
  const messages: Message[] = [];
  socket.on('message', (data) => messages.push(JSON.parse(String(data)) as Message));
  const closed = once(socket, 'close').then(([code, reason]) => ({
    code: code as number,
    reason: String(reason),
  }));
  closed.catch(() => undefined);
  await once(socket, 'open');
  const send = (message: object) => socket.send(JSON.stringify(message));
  if (options.authorization !== undefined) {
    send({ type: 'connection_init', payload: { authorization: options.authorization } });
  }
  return { socket, messages, closed, send };
}

export interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}
