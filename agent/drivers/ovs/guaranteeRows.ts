import { NamedUuid, type Uuid } from '../../ovsdb/notation.ts';
import {
  excluding,
  guard,
  including,
  insert,
  isRow,
  mutate,
  type Operation,
  remove,
  update,
} from '../../ovsdb/operations.ts';
import { physicalMark, portMark } from './ids.ts';
import { packetKbits } from './limits.ts';
import type { PhysicalPort, SharedQos, SharedQueue } from './physicalPorts.ts';
import { ports, qos, queues } from './tables.ts';

type Config = ReadonlyMap<string, string>;

/** The largest frame that a guest hands over at once, as one packet (segmentation offload). */
const largestFrameBytes = 65_535;
const burstSeconds = 0.01;

function rootConfig(rootKbps: number): Config {
  return new Map([['max-rate', String(rootKbps * 1000)]]);
}

/** Unused time counts up to the burst: with a bucket of one packet, a guarantee is lost while others' large frames leave. */
function queueConfig(minKbps: number): Config {
  const burstKbits = Math.max(packetKbits(largestFrameBytes), Math.ceil(minKbps * burstSeconds));
  return new Map([
    ['min-rate', String(minKbps * 1000)],
    ['burst', String(burstKbits * 1000)],
  ]);
}

export function holdsRoot({ row }: SharedQos, rootKbps: number): boolean {
  return row.type === 'linux-htb' && sameConfig(row.other_config, rootConfig(rootKbps));
}

export function holdsQueue({ config }: SharedQueue, minKbps: number): boolean {
  return sameConfig(config, queueConfig(minKbps));
}

/** The QoS of a physical port in the transaction that makes it. */
export function newQosName({ port }: PhysicalPort): NamedUuid {
  return new NamedUuid(`qos${port._uuid.replaceAll('-', '')}`);
}

/**
 * A QoS without queues: Open vSwitch makes queue 0, for all that has none, by itself. In place of nothing, or of a row
 * that is another port's.
 */
export function createRoot(
  physical: PhysicalPort,
  rootKbps: number,
  instead: Uuid | null,
): Operation[] {
  const { port } = physical;
  const name = newQosName(physical);
  return [
    guard(ports, [isRow(port._uuid)], { qos: instead }),
    insert(
      qos,
      {
        type: 'linux-htb',
        other_config: rootConfig(rootKbps),
        external_ids: new Map([[physicalMark, port.name]]),
      },
      name,
    ),
    update(ports, [isRow(port._uuid)], { qos: name }),
  ];
}

export function updateRoot({ row }: SharedQos, rootKbps: number): Operation[] {
  const values = { type: 'linux-htb', other_config: rootConfig(rootKbps) };
  return [
    guard(qos, [isRow(row._uuid)], { type: row.type, other_config: row.other_config }),
    update(qos, [isRow(row._uuid)], values),
  ];
}

/** Off the port and on again: vswitchd then sets all of it up anew. */
export function detachRoot({ on: { port }, row }: SharedQos): Operation[] {
  return [
    guard(ports, [isRow(port._uuid)], { qos: row._uuid }),
    update(ports, [isRow(port._uuid)], { qos: null }),
  ];
}

export function attachRoot({ on: { port }, row }: SharedQos): Operation[] {
  return [
    guard(ports, [isRow(port._uuid)], { qos: null }),
    update(ports, [isRow(port._uuid)], { qos: row._uuid }),
  ];
}

export function removeRoot(shared: SharedQos): Operation[] {
  return [...detachRoot(shared), remove(qos, [isRow(shared.row._uuid)])];
}

export function createQueue(
  { port }: PhysicalPort,
  inQos: Uuid | NamedUuid,
  {
    queueId,
    portId,
    kbps,
  }: { readonly queueId: number; readonly portId: string; readonly kbps: number },
): Operation[] {
  const name = new NamedUuid(`queue${queueId}of${port._uuid.replaceAll('-', '')}`);
  const external_ids = new Map([[portMark, portId]]);
  return [
    insert(queues, { other_config: queueConfig(kbps), external_ids }, name),
    mutate(qos, [isRow(inQos)], [including(qos, 'queues', new Map([[queueId, name]]))]),
  ];
}

export function updateQueue({ uuid }: SharedQueue, kbps: number): Operation[] {
  return [update(queues, [isRow(uuid)], { other_config: queueConfig(kbps) })];
}

/** Both are rows of their own, so the order within the transaction does not matter to the references. */
export function removeQueue({ row }: SharedQos, { queueId, uuid }: SharedQueue): Operation[] {
  return [
    mutate(qos, [isRow(row._uuid)], [excluding(qos, 'queues', new Map([[queueId, uuid]]))]),
    remove(queues, [isRow(uuid)]),
  ];
}

function sameConfig(a: Config, b: Config): boolean {
  return a.size === b.size && a.entries().every(([key, value]) => b.get(key) === value);
}
