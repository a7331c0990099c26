import type { Command, Option } from 'commander';

/** A command below `parent` with these options. */
export function addCommand(
  parent: Command,
  name: string,
  description: string,
  options: readonly Option[],
): Command {
  const command = parent.command(name).description(description);
  for (const option of options) command.addOption(option);
  return command;
}
