import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { expect } from 'vitest';
import {
  CreateQosRuleDocument,
  type CreateQosRuleInput,
  DeleteQosRuleDocument,
  type QosRuleFieldsFragment,
  type QosRuleFilter,
  QosRulesDocument,
} from '../../schema/generated/graphql.ts';
import { startServer, type TestServer } from './server.ts';

const root = new URL('../..', import.meta.url).pathname;
export const sluicePath = join(root, 'bin/sluice.js');

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  /** Written to standard input, which then ends. */
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The real program, as a user runs it. */
export interface Cli {
  /** Runs it to its end. */
  (args: readonly string[], options?: CliOptions): Promise<Ran>;
  /** Starts it, for a test to read along and to interrupt. */
  start(args: readonly string[], options?: CliOptions): RunningCli;
  /** What it prints as JSON; fails the test if the exit code is another than 0. */
  json(...args: string[]): Promise<unknown>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface RunningCli {
  readonly child: ChildProcessWithoutNullStreams;
  readonly stdout: string;
  readonly stderr: string;
  readonly ended: Promise<Ran>;
}

/** The API itself, for what a test is not about: a process takes a hundred times as long. */
export interface Api {
  createRule(input: CreateQosRuleInput): Promise<QosRuleFieldsFragment>;
  deleteRule(id: string): Promise<void>;
  /** Sorted by maxKbps. */
  rules(filter: QosRuleFilter): Promise<QosRuleFieldsFragment[]>;
}

/** A server in this process, and the command line with an administrator's token for it. */
export async function startCli(): Promise<{ server: TestServer; sluice: Cli; api: Api }> {
  const server = await startServer();
  const token = await server.token({ role: 'admin' });
  return { server, sluice: cliFor(`${server.url}/graphql`, token), api: apiOf(server, token) };
}

function apiOf(server: TestServer, token: string): Api {
  const ask = async <Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
  ): Promise<Data> => {
    const { data, errors } = await server.execute(token, document, variables);
    if (!data) throw new Error(JSON.stringify(errors));
    return data;
  };
  return {
    createRule: async (input) =>
      (await ask(CreateQosRuleDocument, { input })).createQosRule.qosRule,
    deleteRule: async (id) => {
      await ask(DeleteQosRuleDocument, { input: { id } });
    },
    rules: async (filter) =>
      (await ask(QosRulesDocument, { filter, orderBy: [{ field: 'MAX_KBPS' }] })).qosRules.nodes,
  };
}

export function cliFor(serverUrl: string, token: string): Cli {
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    // The contexts of whoever runs the tests are none of theirs.
    XDG_CONFIG_HOME: '/nonexistent',
    SLUICE_SERVER: serverUrl,
    SLUICE_TOKEN: token,
  };
  const start = (args: readonly string[], options: CliOptions = {}) =>
    startProcess(
      process.execPath,
      [sluicePath, ...args],
      { ...env, ...options.env },
      options.input,
    );
  const run = (args: readonly string[], options?: CliOptions) => start(args, options).ended;
  const json = async (...args: string[]): Promise<unknown> => {
    const { code, stdout, stderr } = await run([...args, '-f', 'json']);
    expect(code, stderr).toBe(0);
    return JSON.parse(stdout);
  };
  return Object.assign(run, { start, json, env });
}

/**
 * On a terminal of `columns`: util-linux's script(1) makes one. What is printed on either output comes back
 * together, as a user sees it.
 */
export function startOnTerminal(
  { env }: Cli,
  args: readonly string[],
  { columns = 100, ...options }: CliOptions & { readonly columns?: number } = {},
): RunningCli {
  const words = [process.execPath, sluicePath, ...args].map((word) => `'${word}'`).join(' ');
  const command = `stty cols ${columns} rows 24; exec ${words}`;
  const withTerm = { ...env, TERM: 'xterm', ...options.env };
  return startProcess('script', ['-qefc', command, '/dev/null'], withTerm, options.input, false);
}

/** Any program, read along; standard input stays open with `endsInput` false. */
export function startProcess(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  input: string | undefined,
  endsInput = true,
): RunningCli {
  const child = spawn(command, args, { cwd: root, env });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  if (input !== undefined) child.stdin.write(input);
  if (endsInput) child.stdin.end();
  const ended = once(child, 'close').then(([code]) => ({ code: code as number, stdout, stderr }));
  return {
    child,
    ended,
    get stdout() {
      return stdout;
    },
    get stderr() {
      return stderr;
    },
  };
}
