import { mkdtemp, rm } from 'node:fs/promises';
import { eventually } from '../support/eventually.ts';
import { buildGuest } from './build.ts';
import { Channel, type CommandResult } from './channel.ts';
import { compileAgent } from './compileAgent.ts';
import { type Machine, startMachine } from './machine.ts';
import { channelIn, compiledIn, machineOptions } from './machineOptions.ts';

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

export interface GuestOptions {
  /** Added to the kernel's command line. */
  readonly kernelOptions?: string;
}

/** It takes 5 s, and 14 where four others use the two processors. */
const bootsWithinMs = 45_000;
/** Emulating a machine is not what is tested: one that does not come up is started again, so often in all. */
const attempts = 3;

/**
 * Boots one. In it, /usr is this machine's and /sluice this checkout, both read-only, and a server on this
 * machine's loopback is found at 10.0.2.2. It ends when disposed of, or with this process.
 */
export async function startGuest({ kernelOptions = '' }: GuestOptions = {}): Promise<Guest> {
  const image = await buildGuest();
  await using started = new AsyncDisposableStack();
  const dir = await mkdtemp('/tmp/sluice-guest-');
  started.defer(() => rm(dir, { recursive: true, force: true }));
  await compileAgent(compiledIn(dir));
  const { machine, channel } = await boot(machineOptions(image, dir, kernelOptions), dir);
  started.defer(() => machine.end());
  const running = started.move();
  return { ...commandsOf(channel), [Symbol.asyncDispose]: () => running.disposeAsync() };
}

async function boot(options: readonly string[], dir: string): Promise<Booted> {
  for (let attempt = 1; ; attempt += 1) {
    const machine = startMachine(options);
    try {
      return { machine, channel: await openChannel(machine, dir) };
    } catch (cause) {
      const failure = await machine.failure('The guest did not start.', cause);
      await machine.end();
      if (attempt === attempts) throw failure;
      console.error(`\n*** Attempt ${attempt} of ${attempts}, trying again: ${failure.message}\n`);
    }
  }
}

interface Booted {
  readonly machine: Machine;
  readonly channel: Channel;
}

async function openChannel(machine: Machine, dir: string): Promise<Channel> {
  const channel = await eventually(() => Channel.open(channelIn(dir)), { timeoutMs: 10_000 });
  void channel.closed.then(async () => {
    await machine.end();
    channel.fail(await machine.failure('The guest ended.'));
  });
  await channel.run('true', bootsWithinMs);
  return channel;
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
