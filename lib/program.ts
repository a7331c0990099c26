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

/**
 * One Ctrl-C may be heard twice, also through npm; and the kernel tells of a parent's death (PR_SET_PDEATHSIG) once
 * for each of its threads that had taken the child over.
 */
const heardTwiceWithinMs = 500;

/** Aborts on the first SIGTERM or SIGINT, or other signals named; a second one, later than that, ends the process at once. */
export function stopSignal(
  signals: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT'],
  endAtOnce: (signal: NodeJS.Signals) => void = endBy,
): AbortSignal {
  const controller = new AbortController();
  let firstAtMs: number | undefined;
  const stop = (signal: NodeJS.Signals) => {
    firstAtMs ??= performance.now();
    if (performance.now() - firstAtMs > heardTwiceWithinMs) endAtOnce(signal);
    controller.abort();
  };
  for (const signal of signals) process.on(signal, stop);
  return controller.signal;
}

/** As the signal does where nobody listens to it. */
function endBy(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
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
