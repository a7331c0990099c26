import type { Command } from 'commander';
import { type Context, openContext } from '../context.ts';
import { exitOnInterrupt, exitWhenUnread } from '../interrupt.ts';
import { Terminal } from '../output/terminal.ts';

/** What a command does, in a module of its own. */
export interface ActionModule<Options, Args extends readonly unknown[]> {
  readonly default: (context: Context, options: Options, ...args: Args) => Promise<void>;
}

/**
 * Loads what the command does only when it is the one to run: help and completion must be quick. The
 * options have the types that their declarations' parsers give, which commander cannot tell.
 */
export function run<Options, Args extends readonly unknown[]>(
  load: () => Promise<ActionModule<Options, Args>>,
): (...passed: unknown[]) => Promise<void> {
  return async (...passed) => {
    // commander passes the arguments, then the options, then the command.
    const command = passed.at(-1) as Command;
    const args = passed.slice(0, -2) as unknown as Args;
    const terminal = new Terminal();
    exitOnInterrupt(terminal);
    exitWhenUnread();
    const [context, action] = await Promise.all([openContext(command, terminal), load()]);
    await action.default(context, command.opts() as Options, ...args);
  };
}
