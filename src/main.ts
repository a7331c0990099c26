import { Command, Option } from 'commander';
import { addOptions, describeConfig } from '../lib/config.ts';
import { createLog, type Logger } from '../lib/log.ts';
import { runProgram, stopSignal } from '../lib/program.ts';
import packageJson from '../package.json' with { type: 'json' };
import type { Claims } from './auth/claims.ts';
import { parseExpiry } from './auth/expiry.ts';
import { revokeToken } from './auth/revocations.ts';
import { loadTokenSecret } from './auth/secret.ts';
import { createToken } from './auth/tokens.ts';
import { loadServerConfig, type ServerConfig, serverSettings } from './config.ts';
import { withDatabase } from './database.ts';
import { migrateDown, migrateUp, pendingMigrations } from './db/migrate.ts';
import { openDatabase } from './db/orm.ts';
import { roles } from './domain/actor.ts';
import { renewAllEpochs } from './feed/newEpochs.ts';
import { runServer, secretFileOf } from './run.ts';

const program = new Command('sluice-server')
  .description('Holds what the ports of a fleet may send and receive, and tells their agents.')
  .version(packageJson.version)
  .configureHelp({ showGlobalOptions: true });
addOptions(program, serverSettings);

program
  .command('run', { isDefault: true })
  .description('serve until stopped')
  .action(async () => {
    const { config, log } = load();
    await runServer(config, log, stopSignal());
  });

const migrate = program.command('migrate').description('change the shape of the database');
migrate
  .command('up')
  .description('bring it up to date')
  .action(() => onDatabase(async (url) => told('Ran', await migrateUp(url))));
migrate
  .command('down')
  .description('take the newest migration back')
  .action(() => onDatabase(async (url) => told('Took back', await migrateDown(url))));
migrate
  .command('pending')
  .description('list the migrations that it has not seen')
  .action(() => onDatabase(async (url) => told('Pending:', await pendingMigrations(url))));

const token = program.command('token').description('credentials for people, programs and agents');
token
  .command('create')
  .description('print a new token')
  .addOption(new Option('--role <role>', 'what it may do').choices(roles).makeOptionMandatory())
  .option('--tenant <tenant>', "whose objects it reaches: a member's or reader's")
  .option('--host <host>', "the host it speaks for: an agent's")
  .option('--expires <time>', 'how long it holds, like 90d; without it until it is revoked')
  .action(async ({ expires, ...claims }: Claims & { expires?: string }) => {
    const secret = await loadTokenSecret(secretFileOf(load().config));
    const expiresInMs = expires === undefined ? undefined : parseExpiry(expires);
    const created = await createToken(secret, claims, expiresInMs);
    process.stdout.write(`${created.token}\n`);
    process.stderr.write(`To revoke it: sluice-server token revoke ${created.id}\n`);
  });
token
  .command('revoke')
  .argument('<id>', 'the id that was printed when it was made')
  .description('let a token in no more; open connections of it close within seconds')
  .action((id: string) =>
    onDatabase(async (url) => {
      await withEntityManager(url, (em) => revokeToken(em, id));
      return `Revoked ${id}.`;
    }),
  );

program
  .command('db')
  .description('the database')
  .command('new-epoch')
  .description('send every agent its whole state: needed after a data folder was copied back')
  .action(() =>
    onDatabase(async (url) => {
      const hosts = await withEntityManager(url, renewAllEpochs);
      return `The feeds of ${hosts} hosts have new epochs.`;
    }),
  );

program
  .command('check-config')
  .description('print the settings as they hold, or every fault that they have')
  .action(() => {
    process.stdout.write(`${describeConfig(serverSettings, load().config)}\n`);
  });

await runProgram(program);

function load(): { config: ServerConfig; log: Logger } {
  const config = loadServerConfig({ flags: program.opts(), env: process.env });
  return { config, log: createLog('sluice-server', config.logLevel, config.logFormat) };
}

/** Runs a short command on the database and prints what it answers. */
async function onDatabase(work: (url: string) => Promise<string>): Promise<void> {
  const { config, log } = load();
  process.stdout.write(`${await withDatabase(config, log, work)}\n`);
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
