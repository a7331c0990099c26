import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { UserError } from '../../lib/errors.ts';
import { aborted, type Part } from '../../lib/lifecycle.ts';
import { sleep } from '../../lib/retry.ts';

export interface ChildProgramOptions {
  /** As a sentence calls it: "server". */
  readonly name: string;
  /** From the project's folder. */
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
}

const stopTimeoutMs = 30_000;
const alive = new Set<ChildProcess>();

/** One of our programs as a part: told to stop it ends by itself; that it ends otherwise is a failure. */
export function childProgram(options: ChildProgramOptions): Part {
  return {
    name: options.name,
    async run(signal) {
      const child = start(options);
      const ended = once(child, 'exit');
      await Promise.race([ended, aborted(signal)]);
      if (!signal.aborted) throw endedByItself(options.name, child);
      child.kill('SIGTERM');
      const inTime = new AbortController();
      await Promise.race([ended, sleep(stopTimeoutMs, inTime.signal)]);
      inTime.abort();
      child.kill('SIGKILL');
    },
  };
}

/** Ends what still runs, at once. */
export function killChildPrograms(): void {
  for (const child of alive) child.kill('SIGKILL');
}

function start({ script, env }: ChildProgramOptions): ChildProcess {
  const path = fileURLToPath(new URL(`../../${script}`, import.meta.url));
  // setpriv: it ends with us even when we are killed. Detached: Ctrl-C is ours to pass on, once.
  const args = ['--pdeathsig', 'SIGTERM', process.execPath, path, 'run'];
  const child = spawn('setpriv', args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  });
  alive.add(child);
  child.once('exit', () => alive.delete(child));
  return child;
}

function endedByItself(name: string, { exitCode, signalCode }: ChildProcess): UserError {
  const how = signalCode ? `was killed by ${signalCode}` : `ended with exit code ${exitCode}`;
  return new UserError(`The ${name} ${how}; what it said stands above.`);
}
