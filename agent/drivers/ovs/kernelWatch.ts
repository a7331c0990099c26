import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fullJitterMs, sleep } from '../../../lib/retry.ts';

export interface KernelWatchOptions {
  /** The network namespace of the switch, where it is not the agent's. */
  readonly netns: string | null;
  /** Somebody, perhaps the switch for us, changed qdiscs, classes or filters of these; null: of any device, unheard. */
  readonly onChange: (devices: ReadonlySet<string> | null) => void;
}

/** A change of one policer is three messages or more. */
const gatherMs = 50;
const backoff = { baseMs: 1_000, capMs: 30_000 };
const deviceIn = /\bdev (\S+)/;
/** `tc actions change`: of a policer that some filter has, which is not said (iproute2 tc/m_action.c print_action). */
const replacedAction = /^Replaced action\b/;
/** More came than its socket holds (ENOBUFS), and it goes on (iproute2 lib/libnetlink.c rtnl_listen). */
const overrun = /^netlink receive error\b/;

/**
 * Hears from the kernel when queues and policers change, by `tc monitor`: OVSDB does not know of it, and looking
 * at a thousand devices again and again would cost more.
 */
export class KernelWatch {
  readonly #options: KernelWatchOptions;
  readonly #command: readonly string[];
  /** Null: any. */
  #devices: Set<string> | null = new Set();
  #timer: NodeJS.Timeout | null = null;

  constructor(options: KernelWatchOptions) {
    const { netns } = options;
    const within = netns === null ? [] : ['ip', 'netns', 'exec', netns];
    this.#options = options;
    // It reads nothing, so an agent that is killed would leave it behind until the kernel has something to say.
    // Into a pipe tc keeps what it says of actions until it has more to say: print_action does not flush.
    const monitor = ['stdbuf', '--output=L', 'tc', 'monitor'];
    this.#command = ['setpriv', '--pdeathsig=KILL', ...within, ...monitor];
  }

  async run(signal: AbortSignal): Promise<void> {
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      await this.#listen(signal);
      await sleep(backoff.baseMs + fullJitterMs(attempt, backoff), signal);
      // Whatever happened meanwhile was not heard.
      if (!signal.aborted) this.#options.onChange(null);
    }
    if (this.#timer) clearTimeout(this.#timer);
  }

  /** Until tc has ended, or could not be started. */
  #listen(signal: AbortSignal): Promise<void> {
    const [program = '', ...args] = this.#command;
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], signal });
    for (const output of [child.stdout, child.stderr]) {
      createInterface(output).on('line', (line) => this.#hear(line));
    }
    return new Promise((resolve) => {
      child.on('error', () => resolve()).on('close', () => resolve());
    });
  }

  #hear(line: string): void {
    const device = deviceIn.exec(line)?.[1];
    if (device !== undefined) this.#devices?.add(device);
    else if (replacedAction.test(line) || overrun.test(line)) this.#devices = null;
    else return;
    this.#timer ??= setTimeout(() => this.#tell(), gatherMs);
  }

  #tell(): void {
    const devices = this.#devices;
    this.#devices = new Set();
    this.#timer = null;
    this.#options.onChange(devices);
  }
}
