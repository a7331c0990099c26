import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** One of the programs, as a process that a test may kill and start again. */
export interface Program extends AsyncDisposable {
  readonly pid: number;
  /** What it wrote to standard error so far, the newest MiB. */
  readonly log: string;
  /** SIGKILL: it cannot clean up. */
  kill(): Promise<void>;
  /** SIGTERM, as a service manager ends it; resolves with its exit code. */
  stop(): Promise<number | null>;
}

const root = new URL('../..', import.meta.url).pathname;
const keptLog = 1024 * 1024;

/** Starts `script` under this Node with only the settings given. */
export function startProgram(
  script: string,
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
): Program {
  const env: Record<string, string | undefined> = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    ...settings,
  };
  const child = spawn(process.execPath, [script, ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-keptLog);
  });
  const end = async (signal: NodeJS.Signals) => {
    if (!ended(child)) {
      child.kill(signal);
      await once(child, 'exit');
    }
    return child.exitCode;
  };
  return {
    get pid() {
      return child.pid ?? 0;
    },
    get log() {
      return log;
    },
    kill: async () => {
      await end('SIGKILL');
    },
    stop: () => end('SIGTERM'),
    [Symbol.asyncDispose]: async () => {
      await end('SIGKILL');
    },
  };
}

const ended = (child: ChildProcess): boolean =>
  child.exitCode !== null || child.signalCode !== null;
