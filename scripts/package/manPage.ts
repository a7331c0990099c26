import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface ManPageOptions {
  readonly program: string;
  /** The built program. */
  readonly script: string;
  readonly section: 1 | 8;
  readonly version: string;
  /** YYYY-MM-DD. */
  readonly date: string;
}

/** A manual page from what a program's --help and its commands' say. */
export async function manPage(options: ManPageOptions): Promise<string> {
  const { program, section, version, date } = options;
  const top = await helpOf(options, []);
  const [summary = ''] = top.text.split('\n\n').slice(1);
  const commands = await describeCommands(options, [], top.commands);
  return [
    `.TH ${program.toUpperCase().replaceAll('-', '\\-')} ${section} ${date} "Sluice ${version}"`,
    `.SH NAME\n${troff(program)} \\- ${troff(summary.split('\n').join(' '))}`,
    `.SH SYNOPSIS AND OPTIONS\n${verbatim(top.text)}`,
    `.SH COMMANDS\n${commands.join('\n')}\n`,
  ].join('\n');
}

interface Help {
  readonly text: string;
  readonly commands: readonly string[];
}

async function helpOf({ script }: ManPageOptions, path: readonly string[]): Promise<Help> {
  const env = { COLUMNS: '78', NO_COLOR: '1', LC_ALL: 'C' };
  const { stdout } = await run(process.execPath, [script, ...path, '--help'], { env });
  // Each command's help repeats the program's own options.
  const text =
    path.length === 0 ? stdout : stdout.replace(/\nGlobal Options:[\s\S]*?(?=\n\n|$)/, '');
  const listed = /\nCommands:\n((?: {2}.*\n?)+)/.exec(text)?.[1] ?? '';
  const names = [...listed.matchAll(/^ {2}(\w[\w-]*)/gm)].map(([, name = '']) => name);
  return { text: text.trimEnd(), commands: names.filter((name) => name !== 'help') };
}

async function describeCommands(
  options: ManPageOptions,
  path: readonly string[],
  names: readonly string[],
): Promise<string[]> {
  const described = names.map(async (name) => {
    const command = [...path, name];
    const { text, commands } = await helpOf(options, command);
    const own = `.SS ${troff([options.program, ...command].join(' '))}\n${verbatim(text)}`;
    return [own, ...(await describeCommands(options, command, commands))];
  });
  return (await Promise.all(described)).flat();
}

const verbatim = (text: string): string => `.nf\n${troff(text)}\n.fi`;

/** A backslash, a hyphen and a leading dot or quote mean something else to troff. */
const troff = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/gm, '\\&$1');
