import { once } from 'node:events';
import { expect } from 'vitest';
import { WebSocket } from 'ws';
import { createDatabase } from '../support/postgres.ts';
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
  /** A socket that has been let in. */
  open(): Promise<WebSocket>;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export async function startTarget(): Promise<Target> {
  const database = await createDatabase();
  const system = await startSystem(database.url);
  const token = await system.adminToken();
  const base = `http://127.0.0.1:${system.port}`;
  const url = `${base}/graphql`;
  const open = () => openSocket(url, token);
  return {
    url,
    token,
    open,
    unharmed: (work) => unharmed(system, base, work),
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
    subscribe: async (payload) => {
      const socket = await open();
      const answer = firstWord(socket);
      socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload }));
      const found = await answer;
      socket.terminate();
      return found;
    },
    async [Symbol.asyncDispose]() {
      await system[Symbol.asyncDispose]();
      await database.dispose();
    },
  };
}

async function unharmed<T>(system: System, base: string, work: () => Promise<T>): Promise<T> {
  const before = await look(base);
  const result = await work();
  const after = await look(base);
  expect(after.stallMs, 'the loop stood still, ms').toBeLessThan(most.stallMs + resolutionMs);
  expect(after.residentMiB - before.residentMiB, 'more memory, MiB').toBeLessThan(most.growthMiB);
  expect((await fetch(`${base}/readyz`)).status, system.server.log).toBe(200);
  return result;
}

/** prom-client: the longest delay since it was asked last. */
async function look(base: string): Promise<{ stallMs: number; residentMiB: number }> {
  const text = await (await fetch(`${base}/metrics`)).text();
  const figure = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  return {
    stallMs: figure('nodejs_eventloop_lag_max_seconds') * 1_000,
    residentMiB: figure('process_resident_memory_bytes') / 1024 ** 2,
  };
}

async function openSocket(url: string, token: string): Promise<WebSocket> {
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
  await once(socket, 'open');
  const acknowledged = firstWord(socket);
  socket.send(
    JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }),
  );
  expect(await acknowledged).toMatchObject({ type: 'connection_ack' });
  return socket;
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
