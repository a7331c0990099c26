import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { inject } from 'vitest';
import { createLog } from '../../lib/log.ts';
import { findPostmaster } from '../../src/db/embedded/postmaster.ts';
import { startEmbeddedPostgres } from '../../src/db/embedded.ts';
import { eventually } from './eventually.ts';
import { query } from './query.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The socket on which globalSetup.ts tells the address of this run's database template. */
    templateSocket: string;
  }
}

/** A database of one test's own, with all migrations. `await using` drops it. */
export interface TestDatabase extends AsyncDisposable {
  readonly url: string;
  dispose(): Promise<void>;
}

/** Copies this run's template; the first call of a run starts PostgreSQL and fills the template. */
export async function createDatabase(): Promise<TestDatabase> {
  const template = new URL(await askForTemplate());
  const name = `test_${randomBytes(8).toString('hex')}`;
  await administer(template, `create database ${name} template ${template.pathname.slice(1)}`);
  const dispose = () => administer(template, `drop database if exists ${name} with (force)`);
  return { url: withDatabase(template, name), dispose, [Symbol.asyncDispose]: dispose };
}

async function askForTemplate(): Promise<string> {
  const socket = connect(inject('templateSocket'));
  const url = await text(socket);
  if (!url) throw new Error("The run's PostgreSQL did not start; its error stands above.");
  return url;
}

async function administer(server: URL, statement: string): Promise<void> {
  await query(withDatabase(server, 'postgres'), statement);
}

function withDatabase(server: URL, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

/** A PostgreSQL that a test may kill: it comes back by itself, as a server's embedded one does. */
export interface OwnPostgres extends AsyncDisposable {
  /** Its database has no migrations yet. */
  readonly url: string;
  readonly dataDir: string;
  /** Kills PostgreSQL's first process with SIGKILL and waits until another one answers. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export async function startOwnPostgres(): Promise<OwnPostgres> {
  const dataDir = await makeDataDir();
  const postgres = await startEmbeddedPostgres({
    dataDir,
    log: createLog('test', 'silent', 'json'),
  });
  const controller = new AbortController();
  const done = postgres.run(controller.signal);
  const stop = async () => {
    controller.abort();
    await done;
    await rm(dataDir, { recursive: true, force: true });
  };
  const kill = () => killPostmaster(join(dataDir, 'postgres'), postgres.url);
  return { url: postgres.url, dataDir, kill, stop, [Symbol.asyncDispose]: stop };
}

/** A data folder that PostgreSQL's user can reach too. */
export async function makeDataDir(): Promise<string> {
  const folder = await mkdtemp('/tmp/sluice-db-');
  await chmod(folder, 0o755);
  return folder;
}

async function killPostmaster(cluster: string, url: string): Promise<void> {
  const killed = await findPostmaster(cluster);
  if (killed === undefined) throw new Error(`No PostgreSQL runs on ${cluster}.`);
  process.kill(killed, 'SIGKILL');
  await eventually(async () => {
    if ((await findPostmaster(cluster)) === killed) throw new Error('It is not gone yet.');
    await administer(new URL(url), 'select 1');
  });
}
