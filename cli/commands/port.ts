import { type Command, Option } from 'commander';
import { addCommand } from './command.ts';
import {
  collect,
  formatOptions,
  hostArgument,
  pageOptions,
  portArgument,
  waitOption,
} from './options.ts';
import { run } from './run.ts';

export function addPortCommands(program: Command): void {
  const port = program.command('port').description('ports that rules may name, and where they are');

  addCommand(port, 'list', 'ports, and the hosts that have them', [
    new Option('--id <port-id>', 'this port; repeat for more').argParser(collect),
    new Option('--tenant-id <tenant>', "this tenant's; repeat for more").argParser(collect),
    new Option('--network-id <network-id>', 'on this network; repeat for more').argParser(collect),
    new Option('--host <host>', 'on this host; repeat for more').argParser(collect),
    ...pageOptions(),
    ...formatOptions(),
  ]).action(run(() => import('../port/list.ts')));

  addCommand(port, 'show', 'one port, its hosts and its rules', formatOptions())
    .addArgument(portArgument())
    .action(run(() => import('../port/show.ts')));

  addCommand(port, 'bind', 'have the limits of a port wait for it on a host', [
    new Option('--network-id <network-id>', "the port's network"),
    new Option('--tenant-id <tenant>', "the port's tenant"),
    new Option('--name <text>', 'a name for the port'),
    waitOption(),
    ...formatOptions(),
  ])
    .addArgument(portArgument())
    .addArgument(hostArgument())
    .action(run(() => import('../port/bind.ts')));

  addCommand(port, 'unbind', 'take a binding back', [waitOption(), ...formatOptions()])
    .addArgument(portArgument())
    .addArgument(hostArgument())
    .action(run(() => import('../port/unbind.ts')));
}
