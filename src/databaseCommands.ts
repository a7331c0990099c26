import type { Logger } from '../lib/log.ts';
import { revokeToken } from './auth/revocations.ts';
import type { ServerConfig } from './config.ts';
import { withDatabase } from './database.ts';
import { migrateDown, migrateUp, pendingMigrations } from './db/migrate.ts';
import { openDatabase } from './db/orm.ts';
import { renewAllEpochs } from './feed/newEpochs.ts';

/** The short commands that need the database; each answers what to tell the user. */
export interface DatabaseCommands {
  migrateUp(): Promise<string>;
  migrateDown(): Promise<string>;
  pendingMigrations(): Promise<string>;
  revokeToken(id: string): Promise<string>;
  newEpoch(): Promise<string>;
}

export function databaseCommands(config: ServerConfig, log: Logger): DatabaseCommands {
  const onDatabase = <T>(work: (url: string) => Promise<T>) => withDatabase(config, log, work);
  return {
    migrateUp: async () => told('Ran', await onDatabase(migrateUp)),
    migrateDown: async () => told('Took back', await onDatabase(migrateDown)),
    pendingMigrations: async () => told('Pending:', await onDatabase(pendingMigrations)),
    revokeToken: async (id) => {
      await onDatabase((url) => withEntityManager(url, (em) => revokeToken(em, id)));
      return `Revoked ${id}.`;
    },
    newEpoch: async () => {
      const hosts = await onDatabase((url) => withEntityManager(url, renewAllEpochs));
      return `The feeds of ${hosts} hosts have new epochs.`;
    },
  };
}

type EntityManager = Parameters<typeof revokeToken>[0];

async function withEntityManager<T>(
  url: string,
  work: (em: EntityManager) => Promise<T>,
): Promise<T> {
  const orm = await openDatabase({ url });
  try {
    return await work(orm.em.fork());
  } finally {
    await orm.close(true);
  }
}

const told = (what: string, migrations: readonly string[]): string =>
  `${what} ${migrations.join(', ') || 'nothing'}.`;
