import type { Uuid } from '../../ovsdb/notation.ts';
import type { PluggedPort } from '../driver.ts';
import { portMark } from './ids.ts';
import { Memo } from './memo.ts';
import type { BridgeRow, Database, InterfaceRow, PortRow, QosRow, QueueRow } from './tables.ts';

/** The `Port.qos` of an interface, and whose it is. */
export type SlotQos =
  | { readonly owner: 'nobody' }
  | { readonly owner: 'sluice'; readonly row: QosRow; readonly queue: SlotQueue | null }
  | { readonly owner: 'other'; readonly row: QosRow };

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
  const slots = bridges.flatMap((bridge) => slotsOf(bridge, database, portKey, memo));
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

export function isOurs(row: QosRow): boolean {
  return row.external_ids.has(portMark);
}

function slotsOf(bridge: BridgeRow, database: Database, portKey: string, memo: Memo<Slot>): Slot[] {
  const slots: Slot[] = [];
  for (const portUuid of bridge.ports) {
    const port = database.Port.get(portUuid);
    for (const interfaceUuid of port?.interfaces ?? []) {
      const row = database.Interface.get(interfaceUuid);
      if (!port || !row) continue;
      const [qos, queue] = qosRows(port, database);
      const inputs = [bridge.name, portKey, port, row, qos, queue];
      const slot = memo.answer(interfaceUuid, inputs, () => ({
        bridge: { name: bridge.name },
        port,
        interface: row,
        portId: portIdOf(row, portKey),
        qos: slotQos(qos, queue),
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

/** A port's QoS, and its queue 0 where that is all it has. */
function qosRows(port: PortRow, database: Database): [QosRow | undefined, QueueRow | undefined] {
  const qos = port.qos === null ? undefined : database.QoS.get(port.qos);
  const uuid = qos?.queues.size === 1 ? qos.queues.get(0) : undefined;
  return [qos, uuid === undefined ? undefined : database.Queue.get(uuid)];
}

function slotQos(row: QosRow | undefined, queue: QueueRow | undefined): SlotQos {
  if (!row) return { owner: 'nobody' };
  if (!isOurs(row)) return { owner: 'other', row };
  return {
    owner: 'sluice',
    row,
    queue: queue ? { uuid: queue._uuid, config: queue.other_config } : null,
  };
}
