import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { freePort } from '../../scripts/lab/freePort.ts';
import type { Claims } from '../../src/auth/claims.ts';
import { loadTokenSecret } from '../../src/auth/secret.ts';
import { createToken } from '../../src/auth/tokens.ts';
import { eventually } from '../../test/support/eventually.ts';
import { requestGraphql } from '../../test/support/graphqlRequest.ts';
import { type Program, startProgram } from '../../test/support/program.ts';
import type { BenchDatabase } from './database.ts';
import { machineMs } from './messages.ts';

/** A real server process. `startedAtMs`: when it was spawned. */
export interface FleetServer extends AsyncDisposable {
  readonly url: string;
  readonly program: Program;
  readonly startedAtMs: number;
  token(claims: Claims): Promise<string>;
  /** The longest that its loop was held up since this was asked last. */
  longestDelayMs(): Promise<number>;
  /** As administrator. */
  request<Result, Variables>(
    document: TypedDocumentNode<Result, Variables>,
    variables: Variables,
  ): Promise<Result>;
}

export interface FleetServerOptions {
  /** Default: one that is free. */
  readonly port?: number;
  /** Besides those that every benchmark needs. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** The secret that servers on this database sign tokens with. */
export const secretFileOf = ({ dir }: BenchDatabase): string => join(dir, 'token.secret');

/** Resolves when it is ready. */
export async function startFleetServer(
  database: BenchDatabase,
  { port, settings = {} }: FleetServerOptions = {},
): Promise<FleetServer> {
  const address = `127.0.0.1:${port ?? (await freePort())}`;
  const url = `http://${address}/graphql`;
  const secretFile = secretFileOf(database);
  const secret = await loadTokenSecret(secretFile);
  const tokenFor = async (claims: Claims) => (await createToken(secret, claims)).token;
  const token = await tokenFor({ role: 'admin' });
  const startedAtMs = machineMs();
  const program = startProgram('src/main.ts', ['run'], {
    SLUICE_DATABASE_URL: database.url,
    SLUICE_DATA: join(database.dir, 'server'),
    SLUICE_LISTEN: address,
    SLUICE_TOKEN_SECRET_FILE: secretFile,
    SLUICE_LOG_FORMAT: 'json',
    ...settings,
  });
  const ready = async () => {
    const response = await fetch(`http://${address}/readyz`);
    if (!response.ok) throw new Error(`Not ready: ${await response.text()}\n${program.log}`);
  };
  await eventually(ready, { timeoutMs: 30_000 });
  return {
    url,
    program,
    startedAtMs,
    token: tokenFor,
    longestDelayMs: async () => {
      const text = await (await fetch(`http://${address}/metrics`)).text();
      return Number(/^nodejs_eventloop_lag_max_seconds (\S+)$/m.exec(text)?.[1]) * 1_000;
    },
    request: (document, variables) => requestGraphql({ url, token }, document, variables),
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}

/** proc(5): what is this process's alone, plus its part of what it shares, in KiB. */
export async function proportionalKiB(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1]);
}
