import { readFile, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { run } from './command.ts';

/** How to start one of Open vSwitch's two daemons so that it detaches and writes a pid file. */
export interface OvsDaemonOptions {
  readonly program: 'ovsdb-server' | 'ovs-vswitchd';
  readonly dir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  /** Network namespace to run in; null: the caller's. */
  readonly netns: string | null;
}

/**
 * One daemon of a private switch, known by its pid file in the switch's directory. It outlives this
 * process, so that traffic and limits do, and the next process finds it again.
 */
export class OvsDaemon {
  readonly #options: OvsDaemonOptions;
  readonly #pidFile: string;

  constructor(options: OvsDaemonOptions) {
    this.#options = options;
    this.#pidFile = `${options.dir}/${options.program}.pid`;
  }

  /** Starts it, or adopts the one that an earlier process left running. */
  async start(): Promise<void> {
    const pid = await this.pid();
    if (pid !== null && (await this.#isInItsNamespace(pid))) return;
    await this.stop();
    const { program, args, netns, env, dir } = this.#options;
    const daemon = [
      program,
      ...args,
      `--pidfile=${this.#pidFile}`,
      `--log-file=${dir}/${program}.log`,
      '--detach',
      '--no-chdir',
      '-vconsole:off',
    ];
    const [command = program, ...rest] = netns ? ['ip', 'netns', 'exec', netns, ...daemon] : daemon;
    await run(command, rest, { env });
  }

  /** Ends it as an administrator does; resolves when it is gone. Nothing runs: nothing to do. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  /** Ends it as a crash does; resolves when it is gone. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** The running daemon's process, or null. A pid file that a crash left, its number in use again, is not one. */
  async pid(): Promise<number | null> {
    const pid = Number(await readFile(this.#pidFile, 'utf8').catch(() => ''));
    if (!Number.isInteger(pid) || pid <= 1) return null;
    const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return commandLine.split('\0').includes(`--pidfile=${this.#pidFile}`) ? pid : null;
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const pid = await this.pid();
    if (pid === null) return;
    process.kill(pid, signal);
    const deadline = performance.now() + 10_000;
    while (await isRunning(pid)) {
      if (performance.now() > deadline) process.kill(pid, 'SIGKILL');
      await delay(10);
    }
  }

  /** False where the namespace was deleted and made again: the daemon's links are then not where new ones appear. */
  async #isInItsNamespace(pid: number): Promise<boolean> {
    const { netns } = this.#options;
    if (netns === null) return true;
    const [own, named] = await Promise.all([
      stat(`/proc/${pid}/ns/net`),
      stat(`/run/netns/${netns}`),
    ]);
    return own.ino === named.ino;
  }
}

/** False only after the process let go of its sockets and locks: its command line is gone before those are. */
async function isRunning(pid: number): Promise<boolean> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') X');
  const state = line.slice(line.lastIndexOf(')') + 2)[0] ?? 'X';
  return !'ZX'.includes(state);
}
