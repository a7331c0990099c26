import { type Command, Option } from 'commander';
import { addCommand } from './command.ts';
import { collect, formatOptions, positive } from './options.ts';
import { run } from './run.ts';
import { instant } from './times.ts';

export function addAuditCommands(program: Command): void {
  const audit = program.command('audit').description('who changed what, and from where');

  addCommand(audit, 'list', 'the newest entries of the audit log; for administrators', [
    new Option('--actor <actor>', 'by this role and subject; repeat for more').argParser(collect),
    new Option('--action <action>', 'of this kind; repeat for more').argParser(collect),
    new Option('--object-id <id>', 'of this object; repeat for more').argParser(collect),
    new Option('--tenant-id <tenant>', "of this tenant's; repeat for more").argParser(collect),
    new Option('--since <when>', 'then or later: 2h ago is 2h; or 2026-11-28T09:30').argParser(
      instant,
    ),
    new Option('--until <when>', 'before then').argParser(instant),
    new Option('--limit <number>', 'so many at most').argParser(positive).default(50),
    new Option('--marker <cursor>', 'go on after the cursor that was printed'),
    ...formatOptions(),
  ]).action(run(() => import('../audit/list.ts')));
}
