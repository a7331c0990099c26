import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { migrateUp } from '../../src/db/migrate.ts';
import { type OwnPostgres, startOwnPostgres } from './postgres.ts';

/**
 * One PostgreSQL for a whole run, started when the first test asks for a database: a run of pure
 * tests has none. Workers ask on a socket, since only this process lives as long as the run.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp('/tmp/sluice-run-');
  let postgres: Promise<OwnPostgres> | undefined;
  const server = await listen(join(folder, 'template'), () => {
    postgres ??= startTemplate();
    return postgres;
  });
  project.provide('templateSocket', join(folder, 'template'));
  return async () => {
    server.close();
    await (await postgres?.catch(() => undefined))?.stop();
    await rm(folder, { recursive: true });
  };
}

async function startTemplate(): Promise<OwnPostgres> {
  const postgres = await startOwnPostgres();
  await migrateUp(postgres.url);
  return postgres;
}

function listen(path: string, template: () => Promise<OwnPostgres>): Promise<Server> {
  const server = createServer((socket) => {
    template()
      .then(({ url }) => socket.end(url))
      .catch((error: unknown) => {
        console.error(error);
        socket.end();
      });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(path, () => resolve(server));
  });
}
