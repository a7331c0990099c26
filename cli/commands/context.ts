import { Argument, type Command, Option } from 'commander';
import { addCommand } from './command.ts';
import { formatOptions } from './options.ts';
import { runHere } from './run.ts';

const contextArgument = (): Argument => new Argument('<context>', "the context's name");

export function addContextCommands(program: Command): void {
  const context = program
    .command('context')
    .description('servers under names, each with where your token for it is');

  addCommand(context, 'list', 'your contexts, and which is in use', formatOptions()).action(
    runHere(() => import('../contexts/list.ts')),
  );

  addCommand(context, 'show', 'one context; without a name the one in use', formatOptions())
    .addArgument(new Argument('[context]', "the context's name"))
    .action(runHere(() => import('../contexts/show.ts')));

  addCommand(context, 'use', 'have commands use this context which name none', [
    new Option('--none', 'use none any more'),
  ])
    .addArgument(new Argument('[context]', "the context's name"))
    .action(runHere(() => import('../contexts/use.ts')));

  addCommand(
    context,
    'set',
    'make a context of --server, --token-file, --ca-file, --client-cert and --client-key, or change it',
    [],
  )
    .addArgument(contextArgument())
    .action(runHere(() => import('../contexts/set.ts')));

  addCommand(context, 'delete', "forget contexts; their tokens' files stay", [])
    .argument('<context...>', 'their names')
    .action(runHere(() => import('../contexts/delete.ts')));
}
