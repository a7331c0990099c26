import type { PrivateSwitch } from '../privateSwitch.ts';
import { run, runIn } from './command.ts';
import { ensureNetns } from './netns.ts';

/** A stand-in for a virtual machine: a network namespace with one interface, joined to a switch. */
export interface Guest {
  readonly portId: string;
  readonly bridge: string;
  /** The namespace that the guest is. */
  readonly netns: string;
  /** The switch's end of the veth pair, in the switch's namespace. */
  readonly interfaceName: string;
  readonly address: string;
  readonly mac: string;
}

export interface GuestOptions {
  readonly portId: string;
  readonly bridge: string;
  /** Distinguishes the guests of one switch: 1 to 65,000. */
  readonly number: number;
}

/** Makes a guest and plugs it. */
export async function addGuest(ovs: PrivateSwitch, options: GuestOptions): Promise<Guest> {
  const { portId, bridge, number } = options;
  const [high, low] = [number >> 8, number & 0xff];
  const guest: Guest = {
    portId,
    bridge,
    netns: `${ovs.netns}-g${number}`,
    interfaceName: `guest${number}`,
    address: `10.77.${high}.${low}`,
    mac: `02:77:00:00:${hex(high)}:${hex(low)}`,
  };
  await createLink(ovs, guest);
  await plug(ovs, guest);
  return guest;
}

/** Adds the guest's interface to its bridge, marked as libvirt, Neutron and OVN mark theirs. */
export async function plug(ovs: PrivateSwitch, guest: Guest): Promise<void> {
  const { bridge, interfaceName, portId, mac } = guest;
  await ovs.vsctl(
    ...['add-port', bridge, interfaceName, '--', 'set', 'Interface', interfaceName],
    ...[`external_ids:iface-id=${portId}`, `external_ids:attached-mac="${mac}"`],
    'external_ids:iface-status=active',
  );
}

/** Takes the guest's interface from its bridge; the interface itself stays. */
export async function unplug(ovs: PrivateSwitch, guest: Guest): Promise<void> {
  await ovs.vsctl('--if-exists', 'del-port', guest.bridge, guest.interfaceName);
}

async function createLink(ovs: PrivateSwitch, guest: Guest): Promise<void> {
  const { netns, interfaceName, mac, address } = guest;
  await ensureNetns(netns);
  const pair = ['type', 'veth', 'peer', 'name', 'eth0', 'address', mac, 'netns', netns];
  await run('ip', ['link', 'add', interfaceName, 'netns', ovs.netns, ...pair]);
  await run('ip', ['-n', ovs.netns, 'link', 'set', interfaceName, 'up']);
  await run('ip', ['-n', netns, 'addr', 'add', `${address}/16`, 'dev', 'eth0']);
  await run('ip', ['-n', netns, 'link', 'set', 'eth0', 'up']);
  await runIn(netns, '/usr/bin/python3', ['-c', checksumsInSoftware]);
}

/**
 * The userspace datapath reads frames before anything fills in checksums left to hardware, so guests
 * would drop all TCP and UDP: what `ethtool -K eth0 tx off` ends. Open vSwitch's package brings
 * python3, not ethtool. linux/sockios.h: SIOCETHTOOL 0x8946; linux/ethtool.h: ETHTOOL_STXCSUM 0x17.
 */
const checksumsInSoftware = `
import ctypes, fcntl, socket, struct
off = ctypes.create_string_buffer(struct.pack('II', 0x17, 0))
request = struct.pack('16sP', b'eth0', ctypes.addressof(off))
fcntl.ioctl(socket.socket(), 0x8946, request)
`;

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
