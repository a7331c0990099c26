import { type Command, Option } from 'commander';
import { addCommand } from './command.ts';
import {
  collect,
  directionOption,
  expectedVersionOption,
  formatOptions,
  limitOptions,
  pageOptions,
  ruleArgument,
  ruleFilterOptions,
  waitOption,
  wholeNumber,
  wholeNumberOrNone,
} from './options.ts';
import { run } from './run.ts';

export function addRuleCommands(program: Command): void {
  const rule = program
    .command('rule')
    .description('what ports are limited to, and how far that is');

  addCommand(rule, 'create', 'limit or mark one direction of a port', [
    new Option('--port-id <port-id>', 'the port').makeOptionMandatory(),
    directionOption('which of its directions (default: EGRESS)'),
    ...limitOptions(wholeNumber),
    new Option('--tenant-id <tenant>', "whose rule; default: the port's"),
    new Option('--network-id <network-id>', "the port's network"),
    new Option('--description <text>', 'words of your own'),
    waitOption(),
    ...formatOptions(),
  ]).action(run(() => import('../rule/create.ts')));

  addCommand(rule, 'update', 'change what is named; "none" clears a field', [
    ...limitOptions(wholeNumberOrNone),
    new Option('--description <text>', 'words of your own'),
    expectedVersionOption(),
    waitOption(),
    ...formatOptions(),
  ])
    .addArgument(ruleArgument())
    .action(run(() => import('../rule/update.ts')));

  addCommand(rule, 'list', 'rules, and the status of each', [
    ...ruleFilterOptions(),
    new Option('--sort-key <key>', 'FIELD or FIELD:desc; repeat for more').argParser(collect),
    ...pageOptions(),
    ...formatOptions(),
  ]).action(run(() => import('../rule/list.ts')));

  addCommand(rule, 'show', 'one rule, and how far it got on each host', formatOptions())
    .addArgument(ruleArgument())
    .action(run(() => import('../rule/show.ts')));

  addCommand(rule, 'delete', 'remove rules, and their limits from every host', [
    expectedVersionOption(),
    waitOption(),
  ])
    .argument('<rule-id...>', 'the rules')
    .action(run(() => import('../rule/delete.ts')));

  addCommand(rule, 'apply', 'make rules be as a file says, in one transaction', [
    new Option('-f, --file <file>', 'YAML or JSON; - is standard input').makeOptionMandatory(),
    new Option('--dry-run', 'show what would happen, change nothing'),
    new Option('--prune', "also delete the tenant's rules that the file does not name"),
    new Option('--tenant-id <tenant>', 'whose rules these are; default: the one that all name'),
    new Option(
      '--network-id <network-id>',
      'prune on this network only; repeat for more',
    ).argParser(collect),
    new Option('-y, --yes', 'do not ask'),
    waitOption(),
    new Option('--format <format>', 'how to print what was done')
      .choices(['table', 'json', 'yaml'])
      .default('table'),
  ]).action(run(() => import('../rule/apply.ts')));

  addCommand(rule, 'watch', 'rules as they are, then each change', [
    ...ruleFilterOptions(),
    ...formatOptions(),
  ]).action(run(() => import('../rule/watch.ts')));
}
