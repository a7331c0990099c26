import { setFlagsFromString } from 'node:v8';
import { Command, Option } from 'commander';
import { addOptions, describeConfig } from '../lib/config.ts';
import { UserError } from '../lib/errors.ts';
import { createLog, type Logger } from '../lib/log.ts';
import { runProgram, stopSignal } from '../lib/program.ts';
import packageJson from '../package.json' with { type: 'json' };
import type { Claims } from './auth/claims.ts';
import { parseExpiry } from './auth/expiry.ts';
import { loadTokenSecret } from './auth/secret.ts';
import { createToken } from './auth/tokens.ts';
import { loadServerConfig, type ServerConfig, secretFileOf, serverSettings } from './config.ts';
import type { DatabaseCommands } from './databaseCommands.ts';
import { roles } from './domain/actor.ts';

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
    // graphql-js reads it when it is loaded, and looks for a second copy of itself at every check of a type without it.
    process.env.NODE_ENV ??= 'production';
    // Of its own accord V8 lets the heap grow fourfold between two collections: three quarters were garbage with 10,000 agents.
    setFlagsFromString('--heap-growing-percent=50');
    // What is young and lives is little: four threads that wait for each other to copy it took an eighth of the time of 10,000 heartbeats.
    setFlagsFromString('--no-parallel-scavenge');
    // Loaded when it is needed: the short commands answer in a fraction of its time.
    const { runServer } = await import('./run.ts');
    await runServer(config, log, stopSignal());
  });

const migrate = program.command('migrate').description('change the shape of the database');
migrate
  .command('up')
  .description('bring it up to date')
  .action(() => onDatabase((database) => database.migrateUp()));
migrate
  .command('down')
  .description('take the newest migration back')
  .action(() => onDatabase((database) => database.migrateDown()));
migrate
  .command('pending')
  .description('list the migrations that it has not seen')
  .action(() => onDatabase((database) => database.pendingMigrations()));

const token = program.command('token').description('credentials for people, programs and agents');
token
  .command('create')
  .description('print a new token')
  .addOption(new Option('--role <role>', 'what it may do').choices(roles).makeOptionMandatory())
  .option('--tenant <tenant>', "whose objects it reaches: a member's or reader's")
  .option('--host <host>', "the host it speaks for: an agent's")
  .option('--expires <time>', 'how long it holds, like 90d; without it until it is revoked')
  .action(async ({ expires, ...claims }: Claims & { expires?: string }) => {
    const expiresInMs = expires === undefined ? undefined : parseExpiry(expires);
    const secret = await loadTokenSecret(secretFileOf(load().config));
    const created = await createToken(secret, claims, expiresInMs);
    process.stdout.write(`${created.token}\n`);
    process.stderr.write(`To revoke it: sluice-server token revoke ${created.id}\n`);
  });
token
  .command('enrol')
  .description('print a token by which one host enrols, once')
  .requiredOption('--host <host>', 'the host')
  .option('--expires <time>', 'how long it holds, an hour at most', '1h')
  .action(async ({ host, expires }: { host: string; expires: string }) => {
    const lifetimeMs = parseExpiry(expires);
    if (host.length > 255 || lifetimeMs > 3_600_000) {
      throw new UserError(
        'An enrolment token names a host of 255 characters and holds for 1h at most.',
        2,
      );
    }
    await onDatabase((database) => database.enrolmentToken(host, lifetimeMs));
  });
token
  .command('revoke')
  .argument('<id>', 'the id that was printed when it was made')
  .description('let a token in no more; what it opened closes within seconds')
  .action((id: string) => onDatabase((database) => database.revokeToken(id)));

program
  .command('db')
  .description('the database')
  .command('new-epoch')
  .description('send every agent its whole state: needed after a data folder was copied back')
  .action(() => onDatabase((database) => database.newEpoch()));

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

async function onDatabase(run: (commands: DatabaseCommands) => Promise<string>): Promise<void> {
  const { config, log } = load();
  const { databaseCommands } = await import('./databaseCommands.ts');
  process.stdout.write(`${await run(databaseCommands(config, log))}\n`);
}
