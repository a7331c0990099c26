import { readFile } from 'node:fs/promises';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { loadTokenSecret } from '../../src/auth/secret.ts';
import { createToken } from '../../src/auth/tokens.ts';
import { eventually } from '../../test/support/eventually.ts';
import { type Program, startProgram } from '../../test/support/program.ts';
import { machineMs } from './messages.ts';

/** A real server process. `startedAtMs`: when it was spawned. */
export interface FleetServer extends AsyncDisposable {
  readonly url: string;
  readonly program: Program;
  readonly startedAtMs: number;
  /** The longest that its loop was held up since this was asked last. */
  longestDelayMs(): Promise<number>;
  request<Result, Variables>(
    document: TypedDocumentNode<Result, Variables>,
    variables: Variables,
  ): Promise<Result>;
}

export interface FleetServerOptions {
  readonly port: number;
  readonly secretFile: string;
  readonly settings: Readonly<Record<string, string>>;
}

/** Resolves when it is ready. */
export async function startFleetServer(options: FleetServerOptions): Promise<FleetServer> {
  const { port, secretFile, settings } = options;
  const { token } = await createToken(await loadTokenSecret(secretFile), { role: 'admin' });
  const startedAtMs = machineMs();
  const program = startProgram('src/main.ts', ['run'], {
    SLUICE_LISTEN: `127.0.0.1:${port}`,
    SLUICE_TOKEN_SECRET_FILE: secretFile,
    SLUICE_LOG_FORMAT: 'json',
    ...settings,
  });
  const url = `http://127.0.0.1:${port}`;
  const ready = async () => {
    const response = await fetch(`${url}/readyz`);
    if (!response.ok) throw new Error(`Not ready: ${await response.text()}\n${program.log}`);
  };
  await eventually(ready, { timeoutMs: 30_000 });
  return {
    url: `${url}/graphql`,
    program,
    startedAtMs,
    longestDelayMs: async () => {
      const text = await (await fetch(`${url}/metrics`)).text();
      return Number(/^nodejs_eventloop_lag_max_seconds (\S+)$/m.exec(text)?.[1]) * 1_000;
    },
    request: async (document, variables) => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query: print(document), variables }),
      });
      const { data, errors } = (await response.json()) as { data: never; errors?: unknown };
      if (errors) throw new Error(`The server answered ${JSON.stringify(errors)}`);
      return data;
    },
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}

/** proc(5): what is this process's alone, plus its part of what it shares, in KiB. */
export async function proportionalKiB(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1]);
}
