import { access, mkdir, rm } from 'node:fs/promises';
import { UserError } from '../lib/errors.ts';
import { run } from './lab/command.ts';
import { deleteNetns, ensureNetns } from './lab/netns.ts';
import { OvsDaemon } from './lab/ovsDaemon.ts';

const schemaFile = '/usr/share/openvswitch/vswitch.ovsschema';

export interface PrivateSwitchOptions {
  /** Holds everything: database, sockets, pid files and logs. Made if it is missing. */
  readonly dir: string;
  /** Network namespace that the switch runs in. Made if it is missing. */
  readonly netns: string;
  /** Of its bridges. Default netdev; system, the kernel's, is for a machine that has no other switch. */
  readonly datapathType?: 'netdev' | 'system';
}

/**
 * An Open vSwitch of one's own beside any other on the machine: own directory, sockets and network
 * namespace, userspace datapath unless it is told otherwise. Needs root and Debian's package openvswitch-switch.
 */
export class PrivateSwitch {
  readonly dir: string;
  readonly netns: string;
  /** The value for SLUICE_OVSDB. */
  readonly ovsdb: string;
  readonly #datapathType: NonNullable<PrivateSwitchOptions['datapathType']>;
  readonly #env: Readonly<Record<string, string>>;
  readonly #ovsdbServer: OvsDaemon;
  readonly #vswitchd: OvsDaemon;

  constructor({ dir, netns, datapathType = 'netdev' }: PrivateSwitchOptions) {
    this.dir = dir;
    this.netns = netns;
    this.ovsdb = `unix:${dir}/db.sock`;
    this.#datapathType = datapathType;
    this.#env = { OVS_RUNDIR: dir, OVS_DBDIR: dir, OVS_LOGDIR: dir, OVS_SYSCONFDIR: dir };
    const daemon = { dir, env: this.#env };
    this.#ovsdbServer = new OvsDaemon({
      ...daemon,
      program: 'ovsdb-server',
      netns: null,
      args: [`${dir}/conf.db`, `--remote=punix:${dir}/db.sock`],
    });
    this.#vswitchd = new OvsDaemon({
      ...daemon,
      program: 'ovs-vswitchd',
      netns,
      // Without --disable-system it would delete the kernel datapaths of the machine's own switch.
      args: [this.ovsdb, ...(datapathType === 'system' ? [] : ['--disable-system'])],
    });
  }

  /** `ovs-vsctl`; waits until ovs-vswitchd has done it, unless told `--no-wait`. */
  vsctl(...args: string[]): Promise<string> {
    return run('ovs-vsctl', [`--db=${this.ovsdb}`, ...args], { env: this.#env });
  }

  /** `ovs-ofctl` with OpenFlow 1.3; bridges go by their names. */
  ofctl(...args: string[]): Promise<string> {
    return run('ovs-ofctl', ['-O', 'OpenFlow13', ...args], { env: this.#env });
  }

  /** `ovs-appctl`, to ovs-vswitchd. */
  appctl(...args: string[]): Promise<string> {
    return run('ovs-appctl', args, { env: this.#env });
  }

  /** Where ovs-vswitchd takes OpenFlow for a bridge. */
  openflow(bridge: string): string {
    return `${this.dir}/${bridge}.mgmt`;
  }

  async addBridge(name: string): Promise<void> {
    const kind = ['set', 'Bridge', name, `datapath_type=${this.#datapathType}`];
    await this.vsctl('--may-exist', 'add-br', name, '--', ...kind);
  }

  /** Starts what does not run yet; daemons that an earlier process left in `dir` are taken over. */
  async start(): Promise<void> {
    requireRoot();
    refuseLongPath(this.dir);
    await requireOpenvSwitch();
    await mkdir(this.dir, { recursive: true, mode: 0o700 });
    await createDatabase(`${this.dir}/conf.db`);
    await ensureNetns(this.netns);
    await this.startOvsdb();
    await this.startVswitchd();
  }

  async startOvsdb(): Promise<void> {
    await this.#ovsdbServer.start();
    await this.vsctl('--no-wait', 'init');
  }

  startVswitchd(): Promise<void> {
    return this.#vswitchd.start();
  }

  killOvsdb(): Promise<void> {
    return this.#ovsdbServer.kill();
  }

  killVswitchd(): Promise<void> {
    return this.#vswitchd.kill();
  }

  /** Ends both daemons; directory and namespace stay, and the next start finds everything as it was. */
  async stop(): Promise<void> {
    await this.#vswitchd.stop();
    await this.#ovsdbServer.stop();
  }

  /** Ends both daemons and leaves nothing behind, whatever state they are in. */
  async remove(): Promise<void> {
    await this.stop();
    await deleteNetns(this.netns);
    await rm(this.dir, { recursive: true, force: true });
  }
}

/** A private switch that runs: a new one, or the one that an earlier, perhaps killed, process left in `dir`. */
export async function startPrivateSwitch(options: PrivateSwitchOptions): Promise<PrivateSwitch> {
  const ovs = new PrivateSwitch(options);
  await ovs.start();
  return ovs;
}

async function createDatabase(file: string): Promise<void> {
  const exists = await access(file).then(
    () => true,
    () => false,
  );
  if (!exists) await run('ovsdb-tool', ['create', file, schemaFile]);
}

function requireRoot(): void {
  if (process.getuid?.() === 0) return;
  throw new UserError('An Open vSwitch of one’s own needs root: it makes a network namespace.');
}

async function requireOpenvSwitch(): Promise<void> {
  await access(schemaFile).catch(() => {
    throw new UserError(
      'Open vSwitch is not installed: `apt-get install openvswitch-switch` brings it.',
    );
  });
}

/** unix(7): a socket's path has 107 bytes at most; the longest here is `<bridge of 15>.mgmt`. */
function refuseLongPath(dir: string): void {
  const roomBytes = 107 - '/'.length - 15 - '.mgmt'.length;
  if (Buffer.byteLength(dir) <= roomBytes) return;
  throw new UserError(
    `The switch's directory ${dir} is too long for the sockets in it: ${roomBytes} bytes are possible.`,
  );
}
