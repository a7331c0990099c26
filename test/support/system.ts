import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { freePort } from '../../scripts/lab/freePort.ts';
import type { Claims } from '../../src/auth/claims.ts';
import { loadTokenSecret } from '../../src/auth/secret.ts';
import { createToken } from '../../src/auth/tokens.ts';
import { eventually } from './eventually.ts';
import { requestGraphql } from './graphqlRequest.ts';
import type { TestSwitch } from './ovs.ts';
import { type Program, startProgram } from './program.ts';

/** The real programs as an operator runs them, over a database that the test brings. */
export interface System extends AsyncDisposable {
  readonly port: number;
  server: Program;
  /** Starts the server again on the same port and database; resolves when it is ready. */
  startServer(): Promise<void>;
  /** Starts another server on the same database and secret; its port, once it is ready. */
  startAnotherServer(): Promise<number>;
  /** Starts this host's agent. `port`: where it finds the server, for example a proxy's. */
  startAgent(options: AgentOptions): Promise<Program>;
  /** A token for an agent that the test starts by itself. */
  agentToken(host: string): Promise<string>;
  adminToken(): Promise<string>;
  /** A token of any kind; for so long where it is to expire. */
  token(claims: Claims, expiresInMs?: number): Promise<string>;
  /** Runs an operation as administrator over HTTP; throws with the errors it answered. */
  request<Result, Variables>(
    document: TypedDocumentNode<Result, Variables>,
    variables: Variables,
  ): Promise<Result>;
}

export interface AgentOptions {
  readonly host: string;
  readonly ovs: Pick<TestSwitch, 'ovsdb' | 'netns'>;
  readonly port?: number;
  /** Other settings, for example SLUICE_DRIVER. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** `settings`: the server's, besides those that every test needs. */
export async function startSystem(
  databaseUrl: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<System> {
  const dir = await mkdtemp('/tmp/sluice-system-');
  const port = await freePort();
  const secretFile = join(dir, 'token-secret');
  const secret = await loadTokenSecret(secretFile);
  const { token } = await createToken(secret, { role: 'admin' });
  const programs: Program[] = [];

  const start = (listenPort = port) => {
    const server = startProgram('src/main.ts', ['run'], {
      SLUICE_DATABASE_URL: databaseUrl,
      SLUICE_DATA: join(dir, `server-${listenPort}`),
      SLUICE_LISTEN: `127.0.0.1:${listenPort}`,
      SLUICE_TOKEN_SECRET_FILE: secretFile,
      SLUICE_LOG_FORMAT: 'json',
      ...settings,
    });
    programs.push(server);
    return server;
  };
  const ready = (server = system.server, listenPort = port) =>
    eventually(
      async () => {
        const response = await fetch(`http://127.0.0.1:${listenPort}/readyz`);
        if (!response.ok) throw new Error(`Not ready: ${await response.text()}\n${server.log}`);
      },
      { timeoutMs: 30_000, intervalMs: 50 },
    );

  const system: System = {
    port,
    server: start(),
    adminToken: async () => token,
    agentToken: async (host) => (await createToken(secret, { role: 'agent', host })).token,
    token: async (claims, expiresInMs) => (await createToken(secret, claims, expiresInMs)).token,
    startServer: async () => {
      system.server = start();
      await ready();
    },
    startAnotherServer: async () => {
      const another = await freePort();
      await ready(start(another), another);
      return another;
    },
    startAgent: async ({ host, ovs, port: via = port, settings = {} }) => {
      const agent = startProgram('agent/main.ts', ['run'], {
        SLUICE_SERVER: `http://127.0.0.1:${via}/graphql`,
        SLUICE_TOKEN: await system.agentToken(host),
        SLUICE_HOST: host,
        SLUICE_DATA: join(dir, `agent-${host}`),
        SLUICE_OVSDB: ovs.ovsdb,
        SLUICE_OVS_NETNS: ovs.netns,
        SLUICE_METRICS_LISTEN: 'off',
        SLUICE_LOG_FORMAT: 'json',
        ...settings,
      });
      programs.push(agent);
      return agent;
    },
    request: (document, variables) =>
      requestGraphql({ url: `http://127.0.0.1:${port}/graphql`, token }, document, variables),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(programs.map((program) => program[Symbol.asyncDispose]()));
      await rm(dir, { recursive: true, force: true });
    },
  };
  try {
    await ready();
  } catch (error) {
    await system[Symbol.asyncDispose]();
    throw error;
  }
  return system;
}
