import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { addCommand } from './command.ts';
import { formatOptions, positive } from './options.ts';
import { run } from './run.ts';

export function addQuotaCommands(program: Command): void {
  const quota = program.command('quota').description('how many rules a tenant may have');

  addCommand(quota, 'show', 'the quota of a tenant, and how much of it is used', formatOptions())
    .addArgument(new Argument('[tenant]', "the tenant; without it the token's own"))
    .action(run(() => import('../quota/show.ts')));

  addCommand(quota, 'list', 'the quotas that were set; for administrators', [
    new Option('--limit <number>', 'so many at most; without it all').argParser(positive),
    new Option('--marker <cursor>', 'go on after the cursor that was printed'),
    ...formatOptions(),
  ]).action(run(() => import('../quota/list.ts')));

  addCommand(quota, 'set', 'set the quota of a tenant; for administrators', [
    new Option('--rules <number>', 'so many rules; -1 for any number')
      .argParser(numberOrUnlimited)
      .makeOptionMandatory(),
    ...formatOptions(),
  ])
    .argument('<tenant>', 'the tenant')
    .action(run(() => import('../quota/set.ts')));

  addCommand(quota, 'delete', 'have the default hold again; for administrators', [])
    .argument('<tenant...>', 'the tenants')
    .action(run(() => import('../quota/delete.ts')));
}

function numberOrUnlimited(text: string): number {
  if (/^(-1|\d+)$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number, or -1 for any number.');
}
