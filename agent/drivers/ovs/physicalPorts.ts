import type { Uuid } from '../../ovsdb/notation.ts';
import type { DriverOptions, PhysicalPortSetting } from '../driver.ts';
import type { Device } from './aims.ts';
import { physicalMark, portMark } from './ids.ts';
import { Memo } from './memo.ts';
import { isOpen, type Slot } from './ports.ts';
import type { Database, PortRow, QosRow } from './tables.ts';

/** A port by which traffic leaves the host. */
export interface PhysicalPort {
  readonly port: Pick<PortRow, '_uuid' | 'name'>;
  readonly bridge: string;
  /** More than one where the port is a bond; those of it that Open vSwitch has open, for no other sends. */
  readonly devices: readonly Device[];
  /** What the link carries; null: nobody says. */
  readonly linkKbps: number | null;
  /** The settings give that rate: nothing but the queue may hold the traffic to it. */
  readonly isRated: boolean;
  /** Somebody else's QoS on it. */
  readonly foreignQos: QosRow | null;
}

/** The QoS of Sluice's on a physical port. */
export interface SharedQos {
  readonly on: PhysicalPort;
  readonly row: QosRow;
  /** Somebody pointed this port at the row of another: it stays that one's. */
  readonly isBorrowed: boolean;
  readonly queues: readonly SharedQueue[];
}

export interface SharedQueue {
  readonly queueId: number;
  readonly uuid: Uuid;
  /** Whose guarantee it is; null: somebody else put it there. */
  readonly portId: string | null;
  readonly config: ReadonlyMap<string, string>;
}

export interface PhysicalPorts {
  /** Those by which a bridge's traffic can leave, by the bridge's name. */
  readonly byBridge: ReadonlyMap<string, readonly PhysicalPort[]>;
  /** Wherever it is, also on a port that is not physical any more. */
  readonly shared: readonly SharedQos[];
}

/** `Interface.status:driver_name` of devices that lead nowhere else, or to another device with a queue of its own. */
const virtualDrivers: ReadonlySet<string | undefined> = new Set([
  ...[undefined, 'tun', 'veth', 'openvswitch', 'bridge', 'dummy', 'ifb', 'macvlan', 'ipvlan'],
  ...['bonding', 'team', '802.1Q VLAN Support', 'vrf', 'net_failover'],
]);

/** `named`: what the settings say are physical ports; null: every port whose devices are of real hardware. */
export function findPhysicalPorts(
  database: Database,
  slots: readonly Slot[],
  { portKey, physicalPorts: named }: Pick<DriverOptions, 'portKey' | 'physicalPorts'>,
  memo = new Memo<PhysicalPort>(),
): PhysicalPorts {
  const isPhysical = (slot: Slot) =>
    !slot.interface.external_ids.has(portKey) && leavesHost(slot, named);
  const candidates = slots.filter((slot) => isPhysical(slot) || sharedRow(slot) !== null);
  const ports = new Set(candidates.map(({ port }) => port._uuid));
  const physical: PhysicalPort[] = [];
  const shared: Omit<SharedQos, 'isBorrowed'>[] = [];
  const open = slots.filter((slot) => ports.has(slot.port._uuid) && isOpen(slot));
  for (const members of Map.groupBy(open, ({ port }) => port._uuid).values()) {
    const [first] = members;
    if (!first) continue;
    const on = memo.answer(first.port._uuid, inputsOf(first, members), () =>
      describe(first, members, named),
    );
    if (members.every(isPhysical)) physical.push(on);
    const row = sharedRow(first);
    if (row) shared.push({ on, row, queues: queuesOf(row, database) });
  }
  memo.sweep();
  return { byBridge: reachedFrom(slots, physical), shared: withBorrowers(shared) };
}

/** A row that several ports name is the one's that it was made for, or else the first one's. */
function withBorrowers(shared: readonly Omit<SharedQos, 'isBorrowed'>[]): SharedQos[] {
  const holders = new Map<Uuid, Uuid>();
  for (const { on, row } of shared) {
    const isMadeFor = row.external_ids.get(physicalMark) === on.port.name;
    if (isMadeFor || !holders.has(row._uuid)) holders.set(row._uuid, on.port._uuid);
  }
  return shared.map((each) => ({
    ...each,
    isBorrowed: holders.get(each.row._uuid) !== each.on.port._uuid,
  }));
}

function leavesHost(
  { port, interface: { type, status } }: Slot,
  named: readonly PhysicalPortSetting[] | null,
): boolean {
  if (!['', 'system'].includes(type)) return false;
  if (named) return named.some(({ name }) => name === port.name);
  return !virtualDrivers.has(status.get('driver_name'));
}

function sharedRow({ qos }: Slot): QosRow | null {
  return qos.owner === 'other' && qos.row.external_ids.has(physicalMark) ? qos.row : null;
}

/** All that `describe` goes by, but the settings, which stay: not the queues, which come and go. */
function inputsOf(first: Slot, members: readonly Slot[]): unknown[] {
  return [
    first.bridge.name,
    first.port,
    foreignRow(first),
    ...members.map((slot) => slot.interface),
  ];
}

function describe(
  first: Slot,
  members: readonly Slot[],
  named: readonly PhysicalPortSetting[] | null,
): PhysicalPort {
  const ratedKbps = named?.find(({ name }) => name === first.port.name)?.kbps ?? null;
  return {
    port: first.port,
    bridge: first.bridge.name,
    devices: members.map(({ interface: { name, ifindex } }) => ({ name, ifindex })),
    linkKbps: ratedKbps ?? slowestKbps(members),
    isRated: ratedKbps !== null,
    foreignQos: foreignRow(first),
  };
}

function foreignRow(slot: Slot): QosRow | null {
  return slot.qos.owner === 'nobody' || sharedRow(slot) !== null ? null : slot.qos.row;
}

/** A bond may send all of a port's traffic by any one of its links; one that is down has no speed. */
function slowestKbps(members: readonly Slot[]): number | null {
  const speeds = members.map(({ interface: { link_speed } }) => (link_speed ?? 0) / 1_000);
  const known = speeds.filter((kbps) => kbps > 0);
  return known.length > 0 ? Math.min(...known) : null;
}

function queuesOf(row: QosRow, database: Database): SharedQueue[] {
  return [...row.queues].flatMap(([queueId, uuid]) => {
    const queue = database.Queue.get(uuid);
    if (!queue) return [];
    const portId = queue.external_ids.get(portMark) ?? null;
    return [{ queueId, uuid, portId, config: queue.other_config }];
  });
}

/**
 * A queue that a flow sets goes with the packet through patch ports (ofproto/trace, OVS 3.1.0:
 * `set(skb_priority(0x7))` before the output on the second bridge), but not into a tunnel's packets.
 */
function reachedFrom(
  slots: readonly Slot[],
  physical: readonly PhysicalPort[],
): ReadonlyMap<string, readonly PhysicalPort[]> {
  if (physical.length === 0) return new Map();
  const neighbours = patchedBridges(slots);
  const bridges = new Set(slots.map(({ bridge }) => bridge.name));
  return new Map(
    [...bridges].map((bridge) => {
      const reached = closure(bridge, neighbours);
      return [bridge, physical.filter((port) => reached.has(port.bridge))];
    }),
  );
}

/** Bridge → the bridges that it has a patch port to. */
function patchedBridges(slots: readonly Slot[]): ReadonlyMap<string, readonly string[]> {
  const patches = slots.filter((slot) => slot.interface.type === 'patch');
  const bridgeOf = new Map(patches.map((slot) => [slot.interface.name, slot.bridge.name]));
  const neighbours = new Map<string, string[]>();
  for (const { bridge, interface: row } of patches) {
    const peer = bridgeOf.get(row.options.get('peer') ?? '');
    if (peer !== undefined)
      neighbours.set(bridge.name, [...(neighbours.get(bridge.name) ?? []), peer]);
  }
  return neighbours;
}

function closure(
  start: string,
  neighbours: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
  const reached = new Set([start]);
  // A set that grows while it is walked is walked to its end.
  for (const bridge of reached) for (const next of neighbours.get(bridge) ?? []) reached.add(next);
  return reached;
}
