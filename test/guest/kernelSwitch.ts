import { randomUUID } from 'node:crypto';
import type { Endpoint } from '../../scripts/lab/traffic.ts';
import type { SwitchTools } from '../support/readSwitch.ts';
import type { Guest } from './guest.ts';
import { shellLine } from './shellLine.ts';

/** A port of the switch that somebody may limit, with a network namespace behind it. */
export interface Port extends Endpoint {
  readonly portId: string;
  readonly interfaceName: string;
}

/** The guest's own Open vSwitch, at the system's paths and with the kernel's datapath. */
export interface KernelSwitch extends SwitchTools {
  addBridge(name: string, datapathType?: 'netdev'): Promise<void>;
  addPort(bridge: string): Promise<Port>;
  /** One whose device is the host's own, where the switch is. */
  addInternalPort(bridge: string): Promise<Port>;
  /** A way out of the host: a device without a port's id, with somebody at the other end. */
  addUplink(bridge: string, name: string): Promise<Endpoint>;
  /** What tc shows of a device: `filters` of its ingress, or `classes`. */
  tc(show: 'filters' | 'classes', device: string): Promise<string>;
  startVswitchd(): Promise<void>;
  killVswitchd(): Promise<void>;
  /** Ends ovsdb-server with SIGKILL and starts it on the same database. */
  restartOvsdb(): Promise<void>;
}

export async function startKernelSwitch(guest: Guest): Promise<KernelSwitch> {
  await guest.succeed(startOvsdb);
  await guest.succeed(startVswitchd);
  let ports = 0;
  let uplinks = 0;
  return {
    vsctl: (...args) => guest.succeed(shellLine('ovs-vsctl', args)),
    ofctl: (...args) => guest.succeed(shellLine('ovs-ofctl', ['-O', 'OpenFlow13', ...args])),
    tc: (show, device) => guest.succeed(shellLine('tc', tcArgs[show](device))),
    addBridge: async (name, datapathType) => {
      const type = datapathType
        ? ['--', 'set', 'Bridge', name, `datapath_type=${datapathType}`]
        : [];
      await guest.succeed(shellLine('ovs-vsctl', ['add-br', name, ...type]));
    },
    addPort: (bridge) => addPort(guest, bridge, ++ports),
    addInternalPort: (bridge) => addInternalPort(guest, bridge, ++ports),
    addUplink: (bridge, name) => addUplink(guest, bridge, name, ++uplinks),
    startVswitchd: async () => {
      await guest.succeed(startVswitchd);
    },
    killVswitchd: async () => {
      await guest.succeed(kill('ovs-vswitchd'));
    },
    restartOvsdb: async () => {
      await guest.succeed(`${kill('ovsdb-server')}${serveDatabase}`);
    },
  };
}

const tcArgs = {
  filters: (device: string) => ['filter', 'show', 'dev', device, 'parent', 'ffff:'],
  classes: (device: string) => ['class', 'show', 'dev', device],
} as const;

const serveDatabase = `
ovsdb-server --detach --no-chdir --pidfile --remote=punix:/run/openvswitch/db.sock -vconsole:off
`;

const startOvsdb = `
mkdir /run/openvswitch
ovsdb-tool create /etc/openvswitch/conf.db /usr/share/openvswitch/vswitch.ovsschema
${serveDatabase}
ovs-vsctl --no-wait init
`;

/**
 * ovs lib/ovs-thread.c counts the processors when the monotonic clock is 10 s past the last count, which
 * begins at 0: started in the machine's first 10 s it finds none, and no thread takes the datapath's upcalls.
 */
const startVswitchd = `
while read -r up _ </proc/uptime && [ "\${up%.*}" -lt 11 ]; do sleep 0.2; done
ovs-vswitchd --detach --no-chdir --pidfile --log-file=/run/ovs-vswitchd.log -vconsole:off
`;

/** Gone when it has no program any more: nobody may have taken its exit code yet. */
const kill = (daemon: string) => `
pid=$(cat /run/openvswitch/${daemon}.pid)
kill -KILL "$pid"
while [ -e "/proc/$pid/exe" ]; do sleep 0.05; done
`;

async function addPort(guest: Guest, bridge: string, number: number): Promise<Port> {
  const port = {
    portId: randomUUID(),
    netns: `port${number}`,
    interfaceName: `tap${number}`,
    address: `10.77.0.${number}`,
  };
  const { portId, netns, interfaceName, address } = port;
  await guest.succeed(`set -e
    ip netns add ${netns}
    ip link add ${interfaceName} type veth peer name eth0 netns ${netns}
    ip link set ${interfaceName} up
    ip -n ${netns} address add ${address}/24 dev eth0
    ip -n ${netns} link set eth0 up
    ovs-vsctl add-port ${bridge} ${interfaceName} -- \
      set Interface ${interfaceName} external_ids:iface-id=${portId}`);
  return { ...port, runIn: runInGuest(guest) };
}

async function addInternalPort(guest: Guest, bridge: string, number: number): Promise<Port> {
  const port = {
    portId: randomUUID(),
    netns: 'host',
    interfaceName: `int${number}`,
    address: `10.77.0.${number}`,
  };
  const { portId, netns, interfaceName, address } = port;
  await guest.succeed(`set -e
    [ -e /run/netns/${netns} ] || ip netns attach ${netns} 1
    ovs-vsctl add-port ${bridge} ${interfaceName} -- \
      set Interface ${interfaceName} type=internal external_ids:iface-id=${portId}
    ip address add ${address}/24 dev ${interfaceName}
    ip link set ${interfaceName} up`);
  return { ...port, runIn: runInGuest(guest) };
}

async function addUplink(
  guest: Guest,
  bridge: string,
  name: string,
  number: number,
): Promise<Endpoint> {
  const [netns, address] = [`beyond-${name}`, `10.77.0.${200 + number}`];
  await guest.succeed(`set -e
    ip netns add ${netns}
    ip link add ${name} type veth peer name eth0 netns ${netns}
    ip link set ${name} up
    ip -n ${netns} address add ${address}/24 dev eth0
    ip -n ${netns} link set eth0 up
    ovs-vsctl add-port ${bridge} ${name}`);
  return { netns, address, runIn: runInGuest(guest) };
}

function runInGuest(guest: Guest): NonNullable<Endpoint['runIn']> {
  return (namespace, program, args, { timeoutMs } = {}) =>
    guest.succeed(shellLine('ip', ['netns', 'exec', namespace, program, ...args]), {
      ...(timeoutMs && { timeoutMs }),
    });
}
