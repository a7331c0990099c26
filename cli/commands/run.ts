import type { Command } from 'commander';
import { type Context, openContext } from '../context.ts';
import { exitOnInterrupt } from '../interrupt.ts';
import { Terminal } from '../output/terminal.ts';

/** What a command does, in a module of its own; `Needs` is what it works with. */
interface ActionModule<Needs, Options, Args extends readonly unknown[]> {
  readonly default: (needs: Needs, options: Options, ...args: Args) => Promise<void>;
}

/** What a command works with that asks no server. */
export interface Here {
  readonly terminal: Terminal;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The settings that stand on the command line. */
  readonly flags: Readonly<Record<string, unknown>>;
}

/** For a command that asks the server. */
export function run<Options, Args extends readonly unknown[]>(
  load: () => Promise<ActionModule<Context, Options, Args>>,
) {
  return action(load, openContext);
}

/** For a command that asks no server. */
export function runHere<Options, Args extends readonly unknown[]>(
  load: () => Promise<ActionModule<Here, Options, Args>>,
) {
  return action(load, async (command, terminal) => ({
    ...{ terminal, env: process.env, flags: command.optsWithGlobals() },
  }));
}

/**
 * Loads what the command does only when it is the one to run: help and completion must be quick. The
 * options have the types that their declarations' parsers give, which commander cannot tell.
 */
function action<Needs, Options, Args extends readonly unknown[]>(
  load: () => Promise<ActionModule<Needs, Options, Args>>,
  open: (command: Command, terminal: Terminal) => Promise<Needs>,
): (...passed: unknown[]) => Promise<void> {
  return async (...passed) => {
    // commander passes the arguments, then the options, then the command.
    const command = passed.at(-1) as Command;
    const args = passed.slice(0, -2) as unknown as Args;
    const terminal = new Terminal();
    exitOnInterrupt(terminal);
    const [needs, { default: act }] = await Promise.all([open(command, terminal), load()]);
    await act(needs, command.opts() as Options, ...args);
  };
}
