import type { Argument, Command, Option } from 'commander';

/** A word that may stand at the cursor, and what it is. */
export interface Candidate {
  readonly word: string;
  readonly description: string;
}

/** What may stand at the cursor: words known by themselves, or things that the server knows. */
export type Expected =
  | { readonly candidates: readonly Candidate[] }
  /** The name between the brackets of an option or argument: `rule-id`, `host`, …; `prefix` stands before it. */
  | { readonly live: string; readonly prefix: string };

/** Judges the words up to the cursor by the commands as they are declared. */
export function expectedAt(program: Command, words: readonly string[]): Expected {
  const current = words.at(-1) ?? '';
  const { command, option, operands } = walk(program, words.slice(0, -1));
  if (option) return valuesOf(option.argChoices, placeholderOf(option), '');
  const assigned = /^(?<name>--[^=]+)=/.exec(current);
  if (assigned?.groups?.name) {
    const named = findOption(command, assigned.groups.name);
    if (!named?.required) return { candidates: [] };
    return valuesOf(named.argChoices, placeholderOf(named), assigned[0]);
  }
  if (current.startsWith('-')) return { candidates: optionsOf(command) };
  if (command.commands.length > 0) return { candidates: commandsOf(command) };
  const argument = argumentAt(command, operands);
  return argument ? valuesOf(argument.argChoices, argument.name(), '') : { candidates: [] };
}

interface Place {
  readonly command: Command;
  /** The option whose value stands at the cursor. */
  readonly option: Option | undefined;
  readonly operands: number;
}

function walk(program: Command, before: readonly string[]): Place {
  let command = program;
  let option: Option | undefined;
  let operands = 0;
  // bash hands over `--host=x` as three words.
  for (const word of before.filter((one) => one !== '=')) {
    if (option) option = undefined;
    else if (word.startsWith('-')) {
      const named = findOption(command, word);
      option = named?.required ? named : undefined;
    } else {
      const next = command.commands.find((one) => one.name() === word);
      if (next) command = next;
      else operands += 1;
    }
  }
  return { command, option, operands };
}

/** The command's own options, then those of the commands that it stands below. */
function allOptions(command: Command): Option[] {
  return [...command.options, ...(command.parent ? allOptions(command.parent) : [])];
}

function findOption(command: Command, flag: string): Option | undefined {
  return allOptions(command).find(({ long, short }) => long === flag || short === flag);
}

function optionsOf(command: Command): Candidate[] {
  return allOptions(command)
    .filter(({ hidden }) => !hidden)
    .map(({ long, short, description }) => ({ word: long ?? short ?? '', description }));
}

function commandsOf(command: Command): Candidate[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .map((one) => ({ word: one.name(), description: one.description() }));
}

function argumentAt({ registeredArguments }: Command, index: number): Argument | undefined {
  const last = registeredArguments.at(-1);
  return registeredArguments[index] ?? (last?.variadic ? last : undefined);
}

function placeholderOf({ flags }: Option): string {
  return /<(?<name>[^>]+)>/.exec(flags)?.groups?.name ?? '';
}

function valuesOf(
  choices: readonly string[] | undefined,
  placeholder: string,
  prefix: string,
): Expected {
  if (!choices) return { live: placeholder, prefix };
  return { candidates: choices.map((one) => ({ word: prefix + one, description: '' })) };
}

/** The flags of settings that stand on the line: the server that is asked is the one that the command will ask. */
export function settingsOn(program: Command, words: readonly string[]): Record<string, string> {
  const found = program.options.flatMap((option) => {
    const index = words.indexOf(option.long ?? '');
    const value = index < 0 ? undefined : words[index + 1];
    return option.required && value !== undefined ? [[option.attributeName(), value]] : [];
  });
  return Object.fromEntries(found);
}
