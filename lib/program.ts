import { type Command, CommanderError } from 'commander';
import { messageOf, UserError } from './errors.ts';

const usageExitCode = 2;

/**
 * Parses the command line and runs what it names. Faults go to standard error as sentences, and the exit
 * code says of which kind: 2 for a wrong command line or setting, else what the UserError has, else 1.
 */
export async function runProgram(program: Command, argv = process.argv): Promise<void> {
  throwFaults(program);
  exitWhenUnread();
  try {
    await program.parseAsync(argv);
  } catch (error) {
    process.exitCode = exitCodeOf(error);
    // Commander has said its own faults already.
    if (!(error instanceof CommanderError)) process.stderr.write(`${sentenceOf(error)}\n`);
  }
}

/** `sluice rule list | head`: whoever reads has read enough, and that is no fault. */
function exitWhenUnread(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
}

/** Not inherited by commands that were made before. */
function throwFaults(command: Command): void {
  command.exitOverride();
  for (const child of command.commands) throwFaults(child);
}

/** Aborts on the first SIGTERM or SIGINT; a second one ends the process at once. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    process.off('SIGTERM', stop);
    process.off('SIGINT', stop);
    controller.abort();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  return controller.signal;
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : usageExitCode;
  return error instanceof UserError ? error.exitCode : 1;
}

/** A user's mistake is told in one sentence; anything else is a mistake of ours, told with where it happened. */
function sentenceOf(error: unknown): string {
  if (error instanceof UserError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : messageOf(error);
}
