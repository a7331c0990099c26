import type { Command } from 'commander';
import { addCommand } from './command.ts';
import { formatOptions, hostArgument } from './options.ts';
import { run } from './run.ts';

export function addHostCommands(program: Command): void {
  const host = program.command('host').description('what a host must enforce');

  addCommand(host, 'show', 'its agent, each port, what is asked and how far it is', formatOptions())
    .addArgument(hostArgument())
    .action(run(() => import('../host/show.ts')));
}
