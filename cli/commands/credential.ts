import { type Command, Option } from 'commander';
import { addCommand } from './command.ts';
import { collect, formatOptions, hostArgument, pageOptions } from './options.ts';
import { run } from './run.ts';
import { duration } from './times.ts';

export function addCredentialCommands(program: Command): void {
  const credential = program
    .command('credential')
    .description("what hosts' agents come in with; for administrators");

  addCommand(credential, 'list', "enrolled hosts' credentials, and whether they hold", [
    new Option('--host <host>', 'of this host; repeat for more').argParser(collect),
    ...pageOptions(),
    ...formatOptions(),
  ]).action(run(() => import('../credential/list.ts')));

  addCommand(credential, 'enrol', 'make a token by which one host enrols, once', [
    new Option('--expires <time>', 'how long it holds, like 15m; an hour at most')
      .argParser(duration)
      .default(3_600_000, '1h'),
    new Option('-o, --out <file>', 'write it into this new file, which only you may read'),
    new Option('-f, --format <format>', 'value is the token alone')
      .choices(['value', 'json', 'yaml'])
      .default('value'),
  ])
    .addArgument(hostArgument())
    .action(run(() => import('../credential/enrol.ts')));

  addCommand(credential, 'revoke', 'let credentials or tokens in no more', [])
    .argument(
      '<credential-id...>',
      'ids of credentials or tokens, or certificate: and a SHA-256 fingerprint',
    )
    .action(run(() => import('../credential/revoke.ts')));
}
