import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import type { DesiredState } from '../../agent/desired.ts';
import { type LastGoodFile, saveLastGood } from '../../agent/lastGood.ts';
import type { TestSwitch } from '../support/ovs.ts';

/** An id that no user and no group of this machine has. */
export const agentId = 54_321;
const host = 'host-1';
const checkout = join(import.meta.dirname, '..', '..');

/**
 * The agent as packaging/systemd runs it: in the switch's network namespace, as a user of its own that is in no
 * other group and can take no capability. No server is there: it goes by what it last knew.
 */
export class AgentUser {
  readonly #ovs: TestSwitch;
  readonly #data: string;
  #agent: ChildProcess | null = null;

  constructor(ovs: TestSwitch) {
    this.#ovs = ovs;
    this.#data = join(ovs.dir, 'agent-data');
  }

  /** Makes the folders, with what the agent is to know. */
  async knows(desired: DesiredState): Promise<void> {
    // As systemd makes /run/openvswitch: everybody may look into it.
    await chmod(this.#ovs.dir, 0o755);
    const file: LastGoodFile = { path: join(this.#data, 'agent', 'last-known-good.json'), host };
    await saveLastGood(file, desired);
    for (const path of [this.#data, join(this.#data, 'agent'), file.path]) {
      await chown(path, agentId, agentId);
    }
    await mkdir(this.#mountPoint, { recursive: true });
  }

  start(): void {
    const [program, ...args] = this.#command(this.#node, this.#script, 'run');
    this.#agent = spawn(program, args, { stdio: 'ignore' });
  }

  /** What `sluice-agent status -f json` prints. */
  async status(): Promise<AgentStatus> {
    const { stdout } = await this.run(this.#node, this.#script, 'status', '--format', 'json');
    return JSON.parse(stdout);
  }

  /** Runs any program with the agent's rights. */
  run(...words: readonly string[]): Promise<{ readonly stdout: string; readonly stderr: string }> {
    const [program, ...args] = this.#command(...words);
    return promisify(execFile)(program, args, { timeout: 30_000 });
  }

  async stop(): Promise<void> {
    const agent = this.#agent;
    if (!agent || agent.exitCode !== null) return;
    agent.kill('SIGTERM');
    await once(agent, 'exit');
  }

  /** A checkout may be in a folder that only its owner may enter: seen from here, it is mounted where all may. */
  get #mountPoint(): string {
    return join(this.#ovs.dir, 'checkout');
  }

  get #script(): string {
    return join(this.#mountPoint, 'agent', 'main.ts');
  }

  get #node(): string {
    const path = relative(checkout, process.execPath);
    return path.startsWith('..') ? process.execPath : join(this.#mountPoint, path);
  }

  #command(...words: readonly string[]): readonly [string, ...string[]] {
    const id = String(agentId);
    const settings = {
      PATH: process.env.PATH ?? '',
      SLUICE_SERVER: 'http://127.0.0.1:9/graphql',
      SLUICE_TOKEN: 'none',
      SLUICE_HOST: host,
      SLUICE_DATA: this.#data,
      SLUICE_OVSDB: this.#ovs.ovsdb,
      SLUICE_METRICS_LISTEN: 'off',
    };
    return [
      ...(['ip', 'netns', 'exec', this.#ovs.netns, 'sh', '-c', mounted, 'sh'] as const),
      ...[checkout, this.#mountPoint, 'setpriv', `--reuid=${id}`, `--regid=${id}`],
      ...['--clear-groups', '--no-new-privs', '--inh-caps=-all', '--bounding-set=-all'],
      ...['env', '-i', ...Object.entries(settings).map(([name, value]) => `${name}=${value}`)],
      ...words,
    ];
  }
}

/** `ip netns exec` gives each program mounts of its own. */
const mounted = 'mount --bind "$1" "$2" && cd "$2" && shift 2 && exec "$@"';

/** What is read of it here. */
export interface AgentStatus {
  readonly switch: { readonly fault: string | null };
  readonly limits: readonly {
    readonly direction: string;
    readonly status: string;
    readonly message: string | null;
  }[];
}
