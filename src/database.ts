import type { Logger } from '../lib/log.ts';
import type { ServerConfig } from './config.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './db/embedded.ts';

/** The database of the settings: the one that they name, else one of our own, started or joined. */
export interface Database {
  readonly url: string;
  readonly embedded: EmbeddedPostgres | undefined;
}

export async function findDatabase(
  { databaseUrl, data }: ServerConfig,
  log: Logger,
): Promise<Database> {
  if (databaseUrl !== undefined) return { url: databaseUrl, embedded: undefined };
  const embedded = await startEmbeddedPostgres({ dataDir: data, log });
  return { url: embedded.url, embedded };
}

/** For a short command: a database of our own runs meanwhile, and on if a server uses it. */
export async function withDatabase<T>(
  config: ServerConfig,
  log: Logger,
  work: (url: string) => Promise<T>,
): Promise<T> {
  const { url, embedded } = await findDatabase(config, log);
  try {
    return await work(url);
  } finally {
    await embedded?.stop();
  }
}
