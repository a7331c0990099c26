import type { Uuid } from '../../ovsdb/notation.ts';
import type { PluggedPort } from '../driver.ts';
import { findHolders, type Holders } from './holders.ts';
import { portMark } from './ids.ts';
import { Memo } from './memo.ts';
import type { BridgeRow, Database, InterfaceRow, PortRow, QosRow, QueueRow } from './tables.ts';

/** The `Port.qos` of an interface, and whose it is. */
export type SlotQos =
  | { readonly owner: 'nobody' }
  | OurQos
  | { readonly owner: 'other'; readonly row: QosRow };

export interface OurQos {
  readonly owner: 'sluice';
  readonly row: QosRow;
  /** Somebody pointed this port at a row that another port has: it stays that one's. */
  readonly isBorrowed: boolean;
  /** Queue 0, where it is Sluice's, this row's alone, and all that the row has. */
  readonly queue: SlotQueue | null;
  /** All queues of Sluice's that this row alone has: they go with it. */
  readonly queues: readonly Uuid[];
}

/** Queue 0 of Sluice's QoS. */
export interface SlotQueue {
  readonly uuid: Uuid;
  readonly config: ReadonlyMap<string, string>;
}

/** One interface on one bridge: where limits go. */
export interface Slot {
  readonly bridge: Pick<BridgeRow, 'name'>;
  readonly port: PortRow;
  readonly interface: InterfaceRow;
  /** From `external_ids[portKey]`, in lower case; null: no port that a rule can name. */
  readonly portId: string | null;
  readonly qos: SlotQos;
}

/** What is plugged into the bridges that Sluice looks at. */
export interface Slots {
  readonly bridges: readonly BridgeRow[];
  readonly slots: readonly Slot[];
  /** Interfaces with something else than a UUID under the key. */
  readonly ignored: number;
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function findSlots(
  database: Database,
  only: readonly string[] | null,
  portKey: string,
  memo = new Memo<Slot>(),
): Slots {
  const bridges = [...database.Bridge.values()].filter(
    ({ name }) => only === null || only.includes(name),
  );
  const holders = findHolders(database, bridges, (row) => portIdOf(row, portKey));
  const slots = bridges.flatMap((bridge) => slotsOf(bridge, { database, holders }, portKey, memo));
  memo.sweep();
  const named = slots.filter((slot) => slot.interface.external_ids.has(portKey));
  return { bridges, slots, ignored: named.filter(({ portId }) => portId === null).length };
}

/** Open vSwitch gives a working interface a port number above 0, and -1 to one that it could not open. */
export function isOpen(slot: Slot): boolean {
  return (slot.interface.ofport ?? 0) > 0;
}

/** Open, and a port that a rule can name. */
export function isPlugged(slot: Slot): boolean {
  return slot.portId !== null && isOpen(slot);
}

export function pluggedPorts(slots: readonly Slot[]): PluggedPort[] {
  const plugged = new Map<string, PluggedPort>();
  for (const slot of slots) {
    if (slot.portId === null || !isPlugged(slot)) continue;
    plugged.set(slot.portId, {
      portId: slot.portId,
      interfaceName: slot.interface.name,
      bridge: slot.bridge.name,
      mac: slot.interface.external_ids.get('attached-mac') ?? null,
    });
  }
  return [...plugged.values()];
}

function isOurs({ external_ids }: Pick<QosRow, 'external_ids'>): boolean {
  return external_ids.has(portMark);
}

interface Source {
  readonly database: Database;
  readonly holders: Holders;
}

function slotsOf(bridge: BridgeRow, source: Source, portKey: string, memo: Memo<Slot>): Slot[] {
  const { database } = source;
  const slots: Slot[] = [];
  for (const portUuid of bridge.ports) {
    const port = database.Port.get(portUuid);
    for (const interfaceUuid of port?.interfaces ?? []) {
      const row = database.Interface.get(interfaceUuid);
      if (!port || !row) continue;
      const { qos, isBorrowed, queues } = qosRows(port, source);
      // Sluice's QoS on a bond goes once, however many interfaces there are.
      const isCounted = slots.at(-1)?.port === port;
      const inputs = [bridge.name, portKey, port, row, isCounted, qos, isBorrowed, ...queues];
      const slot = memo.answer(interfaceUuid, inputs, () => ({
        bridge: { name: bridge.name },
        port,
        interface: row,
        portId: portIdOf(row, portKey),
        qos: isCounted && qos && isOurs(qos) ? nobodys : slotQos(qos, isBorrowed, queues),
      }));
      slots.push(slot);
    }
  }
  return slots;
}

function portIdOf(row: InterfaceRow, portKey: string): string | null {
  const value = row.external_ids.get(portKey)?.toLowerCase() ?? '';
  return uuidPattern.test(value) ? value : null;
}

/** A port's QoS, whether another port has it, and the queues that are the QoS's own. */
function qosRows(port: PortRow, { database, holders }: Source) {
  const qos = port.qos === null ? undefined : database.QoS.get(port.qos);
  const isBorrowed = qos !== undefined && holders.ports.get(qos._uuid) !== port._uuid;
  const named = new Set(qos?.queues.values());
  const queues = [...named]
    .filter((uuid) => holders.qos.get(uuid) === qos?._uuid)
    .flatMap((uuid) => database.Queue.get(uuid) ?? [])
    .filter(isOurs);
  return { qos, isBorrowed, queues };
}

const nobodys: SlotQos = { owner: 'nobody' };

function slotQos(
  row: QosRow | undefined,
  isBorrowed: boolean,
  queues: readonly QueueRow[],
): SlotQos {
  if (!row) return nobodys;
  if (!isOurs(row)) return { owner: 'other', row };
  const first = row.queues.size === 1 ? row.queues.get(0) : undefined;
  const queue = queues.find(({ _uuid }) => _uuid === first);
  return {
    owner: 'sluice',
    row,
    isBorrowed,
    queue: queue ? { uuid: queue._uuid, config: queue.other_config } : null,
    queues: queues.map(({ _uuid }) => _uuid),
  };
}
