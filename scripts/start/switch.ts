import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { messageOf } from '../../lib/errors.ts';
import { deleteUnusedNetns } from '../lab/netns.ts';
import { startPrivateSwitch } from '../privateSwitch.ts';
import type { AgentSettings } from './agentFile.ts';

/** The switch that this host's agent works on. */
export interface HostSwitch {
  /** What it is, for the user. */
  readonly description: string;
  /** The agent's settings for it. */
  readonly settings: AgentSettings;
  /** Stops it, if it is ours. */
  stop(): Promise<void>;
}

const systemSocket = '/var/run/openvswitch/db.sock';
const bridge = 'br-sluice';

/** The switch named by the settings, else the one that runs on this machine, else a private one. */
export async function findSwitch(dataDir: string): Promise<HostSwitch | { missing: string }> {
  const { SLUICE_OVSDB: ovsdb, SLUICE_OVS_NETNS: ovsNetns, SLUICE_DRIVER: driver } = process.env;
  const elsewhere = ovsNetns ? { ovsNetns } : {};
  if (ovsdb) return foreign(`the Open vSwitch at ${ovsdb}`, { ovsdb, ...elsewhere });
  if (driver) return foreign(`the driver ${driver}`, { driver });
  const system = await tryConnect(systemSocket);
  if (system === 'connected') return foreign('the Open vSwitch that runs on this machine', {});
  if (process.getuid?.() !== 0) {
    return { missing: `Open vSwitch (${system}); a private one can only be started as root` };
  }
  try {
    return await startPrivate(dataDir);
  } catch (error) {
    return { missing: `Open vSwitch: ${messageOf(error)}` };
  }
}

function foreign(description: string, settings: AgentSettings): HostSwitch {
  return { description, settings, stop: async () => undefined };
}

/** A switch of this data folder's own, with a bridge, so that ports can be added to it. */
async function startPrivate(dataDir: string): Promise<HostSwitch> {
  const id = createHash('sha256').update(dataDir).digest('hex').slice(0, 8);
  const netns = `sluice-${id}`;
  const ovs = await startPrivateSwitch({ dir: privateDir(dataDir, id), netns });
  await ovs.addBridge(bridge);
  return {
    description: `a private Open vSwitch with the bridge ${bridge}, in the network namespace ${netns} (ovs-vsctl --db=${ovs.ovsdb})`,
    settings: { ovsdb: ovs.ovsdb, ovsNetns: netns },
    stop: async () => {
      await ovs.stop();
      await deleteUnusedNetns(netns);
    },
  };
}

/** unix(7) allows sockets 107 bytes: a deep data folder has no room for the names of bridges. */
function privateDir(dataDir: string, id: string): string {
  const dir = join(dataDir, 'switch');
  return Buffer.byteLength(dir) <= 80 ? dir : `/var/lib/sluice/switch-${id}`;
}

async function tryConnect(path: string): Promise<'connected' | string> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return 'connected';
  } catch (error) {
    return messageOf(error);
  } finally {
    socket.destroy();
  }
}
