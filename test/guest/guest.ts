import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { eventually } from '../support/eventually.ts';
import { buildGuest } from './build.ts';
import { Channel, type CommandResult } from './channel.ts';
import { compileAgent } from './compileAgent.ts';
import { channelIn, compiledIn, machineOptions } from './machine.ts';

export interface RunOptions {
  /** Default 30 s; then the command is ended, and its exit code is 137. */
  readonly timeoutMs?: number;
}

/** A machine of its own, emulated, with Debian's kernel and the programs of this one. */
export interface Guest extends AsyncDisposable {
  /** Runs a shell's command line as root, beside others that run. */
  run(command: string, options?: RunOptions): Promise<CommandResult>;
  /** The same for a command that must succeed: its standard output, or an error with what it wrote. */
  succeed(command: string, options?: RunOptions): Promise<string>;
}

const bootsWithinMs = 120_000;
const keptConsole = 16 * 1024;

/**
 * Boots one. In it, /usr is this machine's and /sluice this checkout, both read-only, and a server on this
 * machine's loopback is found at 10.0.2.2. It ends when disposed of, or with this process.
 */
export async function startGuest(): Promise<Guest> {
  const image = await buildGuest();
  await using started = new AsyncDisposableStack();
  const dir = await mkdtemp('/tmp/sluice-guest-');
  started.defer(() => rm(dir, { recursive: true, force: true }));
  await compileAgent(compiledIn(dir));
  const machine = startMachine(machineOptions(image, dir));
  started.defer(() => machine.end());
  const channel = await openChannel(machine, dir);
  const running = started.move();
  return { ...commandsOf(channel), [Symbol.asyncDispose]: () => running.disposeAsync() };
}

async function openChannel(machine: Machine, dir: string): Promise<Channel> {
  try {
    const channel = await eventually(() => Channel.open(channelIn(dir)), { timeoutMs: 10_000 });
    channel.closed
      .then(() => machine.end())
      .then(() => channel.fail(machine.failure('The guest ended.')));
    await channel.run('true', bootsWithinMs);
    return channel;
  } catch (error) {
    throw machine.failure('The guest did not start.', error);
  }
}

function commandsOf(channel: Channel): Pick<Guest, 'run' | 'succeed'> {
  const run = (command: string, { timeoutMs = 30_000 }: RunOptions = {}) =>
    channel.run(command, timeoutMs);
  return {
    run,
    succeed: async (command, options) => {
      const { exitCode, stdout, stderr } = await run(command, options);
      if (exitCode === 0) return stdout;
      throw new Error(`\`${command}\` failed in the guest (${exitCode}): ${stderr || stdout}`);
    },
  };
}

interface Machine {
  end(): Promise<void>;
  /** An error that shows the machine's console. */
  failure(sentence: string, cause?: unknown): Error;
}

function startMachine(options: readonly string[]): Machine {
  // Others share the processors; and it must not outlive a test run that was killed.
  const command = ['--pdeathsig=KILL', 'nice', '-n', '19', 'qemu-system-x86_64', ...options];
  const child = spawn('setpriv', command, { stdio: ['ignore', 'pipe', 'pipe'] });
  const console = keepConsole(child);
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve()).once('close', () => resolve());
  });
  return {
    end: () => {
      child.kill('SIGKILL');
      return ended;
    },
    failure: (sentence, cause) => new Error(`${sentence} Its console:\n${console()}`, { cause }),
  };
}

/** The newest of what it prints. */
function keepConsole({
  stdout,
  stderr,
}: ChildProcessByStdio<null, Readable, Readable>): () => string {
  let kept = '';
  for (const stream of [stdout, stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      kept = (kept + text).slice(-keptConsole);
    });
  }
  return () => kept;
}
