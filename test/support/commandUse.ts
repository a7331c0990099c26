import type { Command, Option } from 'commander';
import { createProgram } from '../../cli/program.ts';
import type { Cli, CliOptions } from './cli.ts';

/** Which of the declared commands, options and formats were run, and with which exit codes. */
export class CommandUse {
  readonly #used = new Set<string>();
  readonly exitCodes = new Set<number | null>();

  /** The same command line; what is run with it counts. */
  recorded(cli: Cli): Cli {
    const start = (args: readonly string[], options?: CliOptions) => {
      this.note(args);
      const running = cli.start(args, options);
      running.ended.then(
        ({ code }) => this.exitCodes.add(code),
        () => undefined,
      );
      return running;
    };
    const run = (args: readonly string[], options?: CliOptions) => start(args, options).ended;
    const json = async (...args: string[]) => {
      const { code, stdout, stderr } = await run([...args, '-f', 'json']);
      if (code !== 0) throw new Error(`sluice ${args.join(' ')} ended with ${code}: ${stderr}`);
      return JSON.parse(stdout) as unknown;
    };
    return Object.assign(run, { start, json, env: cli.env });
  }

  note(args: readonly string[]): void {
    let command = createProgram();
    const words = [...args];
    for (let word = words.shift(); word !== undefined && word !== '--'; word = words.shift()) {
      const [flag = '', assigned] = word.split('=');
      const found = findOption(command, flag);
      const child = command.commands.find((one) => one.name() === word);
      if (found) {
        const value = assigned ?? (found.option.required ? words.shift() : undefined);
        for (const name of namesOf(found.owner, found.option, value)) this.#used.add(name);
      } else if (child) {
        command = child;
        this.#used.add(pathOf(child));
      }
    }
  }

  /** What a test still has to run. */
  unused(): string[] {
    return everything(createProgram()).filter((name) => !this.#used.has(name));
  }
}

function everything(command: Command): string[] {
  const children = command
    .createHelp()
    .visibleCommands(command)
    .filter((child) => child.name() !== 'help');
  const options = command.options.flatMap((option) =>
    (isFormat(option) ? option.argChoices : [undefined])?.flatMap((choice) =>
      namesOf(command, option, choice),
    ),
  );
  return [
    ...new Set([...children.map(pathOf), ...options, ...children.flatMap(everything)]),
  ].filter((name) => name !== undefined);
}

const isFormat = (option: Option) =>
  option.attributeName() === 'format' && option.argChoices !== undefined;

/** An option, and of a format each of its values. */
function namesOf(owner: Command, option: Option, value: string | undefined): string[] {
  const name = `${pathOf(owner)} ${option.long}`;
  return isFormat(option) ? [`${name} ${value}`] : [name];
}

function findOption(command: Command, flag: string): { owner: Command; option: Option } | null {
  for (let owner: Command | null = command; owner; owner = owner.parent) {
    const option = owner.options.find(({ long, short }) => long === flag || short === flag);
    if (option) return { owner, option };
  }
  return null;
}

const pathOf = (command: Command): string =>
  command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
