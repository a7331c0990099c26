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
import type { PhysicalPort, PhysicalQos, PhysicalQueue } from './physicalPorts.ts';
import { ports, qos, queues } from './tables.ts';

type OurQos = Extract<PhysicalQos, { owner: 'sluice' }>;
type Config = ReadonlyMap<string, string>;

/** The largest frame that a guest hands over at once, as one packet (segmentation offload). */
const largestFrameBytes = 65_535;
const burstSeconds = 0.01;

export function rootConfig(rootKbps: number): Config {
  return new Map([['max-rate', String(rootKbps * 1000)]]);
}

/** Unused time counts up to the burst: with a bucket of one packet, a guarantee is lost while others' large frames leave. */
export function queueConfig(minKbps: number): Config {
  const burstKbits = Math.max(packetKbits(largestFrameBytes), Math.ceil(minKbps * burstSeconds));
  return new Map([
    ['min-rate', String(minKbps * 1000)],
    ['burst', String(burstKbits * 1000)],
  ]);
}

export function holdsRoot({ row }: OurQos, rootKbps: number): boolean {
  return row.type === 'linux-htb' && sameConfig(row.other_config, rootConfig(rootKbps));
}

export function holdsQueue({ config }: PhysicalQueue, minKbps: number): boolean {
  return sameConfig(config, queueConfig(minKbps));
}

/** What names the QoS row of a physical port, also in the transaction that makes it. */
export type QosName = Uuid | NamedUuid;

export function qosName({ port, qos: now }: PhysicalPort): QosName {
  return now.owner === 'sluice'
    ? now.row._uuid
    : new NamedUuid(`qos${port._uuid.replaceAll('-', '')}`);
}

/** A QoS without queues: Open vSwitch makes queue 0, for all that has none, by itself. */
export function createRoot({ port }: PhysicalPort, name: NamedUuid, rootKbps: number): Operation[] {
  return [
    guard(ports, [isRow(port._uuid)], { qos: null }),
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

export function updateRoot({ row }: OurQos, rootKbps: number): Operation[] {
  const values = { type: 'linux-htb', other_config: rootConfig(rootKbps) };
  return [
    guard(qos, [isRow(row._uuid)], { type: row.type, other_config: row.other_config }),
    update(qos, [isRow(row._uuid)], values),
  ];
}

/** Off the port and on again: vswitchd then sets all of it up anew. */
export function detachRoot({ port }: PhysicalPort, { row }: OurQos): Operation[] {
  return [
    guard(ports, [isRow(port._uuid)], { qos: row._uuid }),
    update(ports, [isRow(port._uuid)], { qos: null }),
  ];
}

export function attachRoot({ port }: PhysicalPort, { row }: OurQos): Operation[] {
  return [
    guard(ports, [isRow(port._uuid)], { qos: null }),
    update(ports, [isRow(port._uuid)], { qos: row._uuid }),
  ];
}

export function removeRoot(physical: PhysicalPort, ours: OurQos): Operation[] {
  return [...detachRoot(physical, ours), remove(qos, [isRow(ours.row._uuid)])];
}

export function createQueue(
  { port }: PhysicalPort,
  inQos: QosName,
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

export function updateQueue({ uuid }: PhysicalQueue, kbps: number): Operation[] {
  return [update(queues, [isRow(uuid)], { other_config: queueConfig(kbps) })];
}

/** Both are rows of their own, so the order within the transaction does not matter to the references. */
export function removeQueue({ row }: OurQos, { queueId, uuid }: PhysicalQueue): Operation[] {
  return [
    mutate(qos, [isRow(row._uuid)], [excluding(qos, 'queues', new Map([[queueId, uuid]]))]),
    remove(queues, [isRow(uuid)]),
  ];
}

function sameConfig(a: Config, b: Config): boolean {
  return a.size === b.size && a.entries().every(([key, value]) => b.get(key) === value);
}
