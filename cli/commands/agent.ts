import { type Command, Option } from 'commander';
import { addCommand } from './command.ts';
import { agentArgument, collect, formatOptions, pageOptions } from './options.ts';
import { run } from './run.ts';

export function addAgentCommands(program: Command): void {
  const agent = program.command('agent').description("the hosts' agents, and whether they live");

  addCommand(agent, 'list', 'agents, and how they are', [
    new Option('--host <host>', 'on this host; repeat for more').argParser(collect),
    new Option('--agent-type <type>', 'of this kind; repeat for more').argParser(collect),
    new Option('--alive', 'that live'),
    new Option('--no-alive', 'that do not live'),
    new Option('--admin-state-up', 'that are to enforce limits'),
    new Option('--no-admin-state-up', 'that are not to'),
    new Option('-w, --watch', 'go on, and print each change'),
    ...pageOptions(),
    ...formatOptions(),
  ]).action(run(() => import('../agent/list.ts')));

  addCommand(agent, 'show', 'one agent', formatOptions())
    .addArgument(agentArgument())
    .action(run(() => import('../agent/show.ts')));

  addCommand(agent, 'set', 'change whether it enforces limits, or its description', [
    new Option('--enable', 'enforce limits').conflicts('disable'),
    new Option('--disable', 'remove every limit there, apply none'),
    new Option('--description <text>', 'words of your own; "none" clears them'),
    ...formatOptions(),
  ])
    .addArgument(agentArgument())
    .action(run(() => import('../agent/set.ts')));

  addCommand(agent, 'delete', 'forget agents that are gone for good', [])
    .argument('<agent...>', 'their hosts, or their ids')
    .action(run(() => import('../agent/delete.ts')));
}
