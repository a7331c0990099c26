import type { Command } from 'commander';
import { addCommand } from './command.ts';
import { formatOptions } from './options.ts';
import { run } from './run.ts';

export function addExtensionCommands(program: Command): void {
  const extension = program.command('extension').description('what the server can do');

  addCommand(
    extension,
    'show',
    'the fields of a rule that each driver enforces',
    formatOptions(),
  ).action(run(() => import('../extension/show.ts')));
}
