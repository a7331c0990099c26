import { execFile } from 'node:child_process';
import { UserError } from '../../lib/errors.ts';

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** The program is ended after this long. Default 20 s. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Runs a program to its end and returns its standard output. Rejects with a sentence that has the
 * command line and what the program wrote, also when it did not end in time or is not installed.
 */
export function run(
  program: string,
  args: readonly string[],
  { env = {}, input = '', timeoutMs = 20_000, signal }: CommandOptions = {},
): Promise<string> {
  const options = {
    env: { ...process.env, ...env, PATH: searchPath() },
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    maxBuffer: 64 * 1024 * 1024,
    ...(signal && { signal }),
  } as const;
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      if (!error) resolve(stdout);
      else reject(failure([program, ...args].join(' '), error, stderr || stdout, timeoutMs));
    });
    // A program that ends without reading its input breaks the pipe; its exit code says what matters.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

/** Runs a program inside a network namespace made by `ip netns`. */
export function runIn(
  netns: string,
  program: string,
  args: readonly string[],
  options?: CommandOptions,
): Promise<string> {
  return run('ip', ['netns', 'exec', netns, program, ...args], options);
}

/** Daemons live in sbin, which an ordinary user's PATH may lack. */
function searchPath(): string {
  return `${process.env.PATH ?? ''}:/usr/sbin:/sbin`;
}

function failure(
  command: string,
  error: Error & { code?: string | number | null; killed?: boolean },
  output: string,
  timeoutMs: number,
): Error {
  if (error.name === 'AbortError') return error;
  if (error.code === 'ENOENT') return new UserError(`${command.split(' ')[0]} is not installed.`);
  const how = error.killed ? `did not end within ${timeoutMs} ms` : `failed (${error.code})`;
  return new Error(`\`${command}\` ${how}: ${output.trim() || 'it said nothing'}`);
}
