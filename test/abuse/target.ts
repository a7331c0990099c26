import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { WebSocket } from 'ws';
import { createDatabase } from '../support/postgres.ts';
import { query } from '../support/query.ts';
import { type System, startSystem } from '../support/system.ts';

/** What a case may do to the server at most. */
const most = { stallMs: 50, growthMiB: 32 } as const;
/** monitorEventLoopDelay's own resolution, of which its figures are never free (Node, perf_hooks). */
const resolutionMs = 10;

/** A server in a process of its own, whose loop and memory are watched while it is abused. */
export interface Target extends AsyncDisposable {
  readonly url: string;
  readonly token: string;
  /** Does the work, and fails where the server's loop stood still or its memory grew meanwhile; it must answer afterwards. */
  unharmed<T>(work: () => Promise<T>): Promise<T>;
  post(body: string | Buffer, headers?: Record<string, string>): Promise<Answer>;
  /** The first answer to an operation on a socket of its own, or the socket's end. */
  subscribe(payload: unknown): Promise<unknown>;
  /** What is said first to a text on a socket of its own that was let in, or the socket's end. */
  say(text: string): Promise<unknown>;
  /** A socket that has been let in. */
  open(options?: OpenOptions): Promise<WebSocket>;
  /** How a credential is met on HTTP and on a WebSocket: with a status, and with what is said first or the close's code. */
  tryIn(token: string, operation?: Operation): Promise<Met>;
  /** Reads and writes its database as nobody else could. */
  sql<Row extends object>(text: string): Promise<Row[]>;
  /** A token of the server's own. */
  makeToken: System['token'];
}

export interface Operation {
  readonly query: string;
  readonly variables?: object;
}

export interface Met {
  readonly http: number;
  readonly socket: unknown;
}

interface OpenOptions {
  readonly token?: string;
  /** False: it is gone without a word. */
  readonly autoPong?: boolean;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** With the settings of a server in production, besides those that are named. */
export async function startTarget(settings: Record<string, string> = {}): Promise<Target> {
  const database = await createDatabase();
  const system = await startSystem(database.url, settings);
  const token = await system.adminToken();
  const base = `http://127.0.0.1:${system.port}`;
  const url = `${base}/graphql`;
  const open = (options: OpenOptions = {}) => openSocket(url, { token, ...options });
  const say = async (text: string) => {
    const socket = await open();
    const answer = firstWord(socket);
    socket.send(text);
    const found = await answer;
    socket.terminate();
    return found;
  };
  return {
    url,
    token,
    open,
    unharmed: (work) => unharmed(system, base, work),
    makeToken: (claims, expiresInMs) => system.token(claims, expiresInMs),
    tryIn: async (as, operation = { query: '{ __typename }' }) => ({
      http: await statusOf(url, as, operation),
      socket: await firstOnSocket(url, as, operation),
    }),
    sql: (text) => query(database.url, text),
    post: async (body, headers = {}) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${token}`,
          ...headers,
        },
        body: typeof body === 'string' ? body : new Uint8Array(body),
      });
      const text = await response.text();
      return { status: response.status, body: parsed(text) };
    },
    say,
    subscribe: (payload) => say(JSON.stringify({ type: 'subscribe', id: '1', payload })),
    async [Symbol.asyncDispose]() {
      await system[Symbol.asyncDispose]();
      await database.dispose();
    },
  };
}

async function unharmed<T>(system: System, base: string, work: () => Promise<T>): Promise<T> {
  const before = await look(system, base);
  const result = await work();
  const after = await look(system, base);
  // Who waits for a processor that others have stands still too, and is not to blame.
  const starvedMs = after.starvedMs - before.starvedMs;
  const mostMs = most.stallMs + resolutionMs + starvedMs;
  expect(after.stallMs, 'the loop stood still, ms').toBeLessThan(mostMs);
  expect(after.residentMiB - before.residentMiB, 'more memory, MiB').toBeLessThan(most.growthMiB);
  expect((await fetch(`${base}/readyz`)).status, system.server.log).toBe(200);
  return result;
}

interface Look {
  /** The longest since the last look. */
  readonly stallMs: number;
  /** In all, that the server's thread was ready to run and had no processor. */
  readonly starvedMs: number;
  readonly residentMiB: number;
}

/** By prom-client, and by the kernel (Documentation/scheduler/sched-stats.rst). */
async function look({ server }: System, base: string): Promise<Look> {
  const text = await (await fetch(`${base}/metrics`)).text();
  const figure = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  const [, waitedNs] = (await readFile(`/proc/${server.pid}/schedstat`, 'utf8')).split(' ');
  return {
    stallMs: figure('nodejs_eventloop_lag_max_seconds') * 1_000,
    starvedMs: Number(waitedNs) / 1e6,
    residentMiB: figure('process_resident_memory_bytes') / 1024 ** 2,
  };
}

async function statusOf(url: string, token: string, operation: Operation): Promise<number> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(operation) });
  await response.arrayBuffer();
  return response.status;
}

/** What a token's operation is answered first, or the code with which its socket is closed. */
async function firstOnSocket(url: string, token: string, operation: Operation): Promise<unknown> {
  const { socket, met } = await greet(url, { token });
  if ((met as { type?: string }).type !== 'connection_ack') return met;
  const answer = firstWord(socket);
  socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: operation }));
  const found = await answer;
  socket.terminate();
  return found;
}

async function openSocket(
  url: string,
  options: Required<Pick<OpenOptions, 'token'>> & OpenOptions,
) {
  const { socket, met } = await greet(url, options);
  expect(met).toMatchObject({ type: 'connection_ack' });
  return socket;
}

async function greet(url: string, { token, autoPong = true }: OpenOptions) {
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws', { autoPong });
  await once(socket, 'open');
  const met = firstWord(socket);
  const payload = { authorization: `Bearer ${token}` };
  socket.send(JSON.stringify({ type: 'connection_init', payload }));
  return { socket, met: await met };
}

/** The next message, or the code with which the socket was closed. */
export function firstWord(socket: WebSocket): Promise<unknown> {
  return new Promise((resolve) => {
    socket.once('message', (data) => resolve(parsed(String(data))));
    socket.once('close', (code) => resolve({ closed: code }));
    socket.once('error', () => undefined);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
