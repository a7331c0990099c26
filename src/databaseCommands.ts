import { userInfo } from 'node:os';
import type { EntityManager } from '@mikro-orm/postgresql';
import { UserError } from '../lib/errors.ts';
import type { Logger } from '../lib/log.ts';
import { loadTokenSecret } from './auth/secret.ts';
import { tokenSigner } from './auth/tokens.ts';
import { type ServerConfig, secretFileOf } from './config.ts';
import { withDatabase } from './database.ts';
import { migrateDown, migrateUp, pendingMigrations } from './db/migrate.ts';
import { openDatabase } from './db/orm.ts';
import type { Actor } from './domain/actor.ts';
import { renewAllEpochs } from './feed/newEpochs.ts';
import { isRevocable, revokeById } from './services/agentCredentials.ts';
import { writeEnrolment } from './services/enrolment.ts';

/** The short commands that need the database; each answers what to tell the user. */
export interface DatabaseCommands {
  migrateUp(): Promise<string>;
  migrateDown(): Promise<string>;
  pendingMigrations(): Promise<string>;
  revokeToken(id: string): Promise<string>;
  newEpoch(): Promise<string>;
  /** A token by which the host enrols. */
  enrolmentToken(host: string, lifetimeMs: number): Promise<string>;
}

export function databaseCommands(config: ServerConfig, log: Logger): DatabaseCommands {
  const onDatabase = <T>(work: (url: string) => Promise<T>) => withDatabase(config, log, work);
  return {
    migrateUp: async () => told('Ran', await onDatabase(migrateUp)),
    migrateDown: async () => told('Took back', await onDatabase(migrateDown)),
    pendingMigrations: async () => told('Pending:', await onDatabase(pendingMigrations)),
    revokeToken: async (id) => {
      if (!isRevocable(id)) {
        throw new UserError(`"${id}" is no token's id: it was printed when the token was made.`, 2);
      }
      await onDatabase((url) => asCommandLine(url, (write) => revokeById(write, id)));
      return `Revoked ${id}.`;
    },
    enrolmentToken: async (host, lifetimeMs) => {
      const secret = await loadTokenSecret(secretFileOf(config));
      const { id } = await onDatabase((url) =>
        asCommandLine(url, (write) => writeEnrolment(write, host, lifetimeMs)),
      );
      return tokenSigner(secret).enrolment(id, host, lifetimeMs);
    },
    newEpoch: async () => {
      const hosts = await onDatabase((url) => withEntityManager(url, renewAllEpochs));
      return `The feeds of ${hosts} hosts have new epochs.`;
    },
  };
}

/** Who runs a command on the server's machine: its shell's user. */
const commandLine: Actor = {
  role: 'admin',
  subject: `command line of ${userInfo().username}`,
  tenantId: null,
};

const asCommandLine = <T>(
  url: string,
  work: (write: { em: EntityManager; actor: Actor }) => Promise<T>,
): Promise<T> =>
  withEntityManager(url, (em) =>
    em.transactional((inner) => work({ em: inner, actor: commandLine })),
  );

async function withEntityManager<T>(
  url: string,
  work: (em: EntityManager) => Promise<T>,
): Promise<T> {
  const orm = await openDatabase({ url, bounds: null });
  try {
    return await work(orm.em.fork());
  } finally {
    await orm.close(true);
  }
}

const told = (what: string, migrations: readonly string[]): string =>
  `${what} ${migrations.join(', ') || 'nothing'}.`;
