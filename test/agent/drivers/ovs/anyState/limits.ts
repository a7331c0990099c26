import type { Database, InterfaceRow, PortRow } from '../../../../../agent/drivers/ovs/tables.ts';
import type { Direction } from '../../../../../schema/generated/graphql.ts';
import type { ReadFlow, Reading, ReadMeter } from './reading.ts';

/** What one direction of one port is held to. */
export interface Held {
  readonly kbps: Rate | null;
  readonly pktps: Rate | null;
  readonly dscp: number | null;
}

interface Rate {
  readonly rate: number;
  readonly burst: number | null;
}

/** An interface that carries a port's id, and where it is. */
export interface Place {
  readonly bridge: string;
  readonly port: PortRow;
  readonly interface: InterfaceRow;
}

/** Where each port is plugged, by its id. */
export function placesOf(rows: Database): Map<string, Place[]> {
  const places = new Map<string, Place[]>();
  for (const bridge of rows.Bridge.values()) {
    for (const port of rowsAt(bridge.ports, rows.Port)) {
      for (const row of rowsAt(port.interfaces, rows.Interface)) {
        const portId = row.external_ids.get('iface-id')?.toLowerCase() ?? '';
        if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(portId)) continue;
        places.set(portId, [
          ...(places.get(portId) ?? []),
          { bridge: bridge.name, port, interface: row },
        ]);
      }
    }
  }
  return places;
}

/** What a place's queue lets through to the guest; null: everything. */
function heldIngress({ port }: Place, { QoS, Queue }: Database): Held | null {
  const row = port.qos === null ? undefined : QoS.get(port.qos);
  const queue = Queue.get(row?.queues.get(0) ?? port._uuid);
  if (row?.type !== 'linux-htb' || !queue) return null;
  const [rate, root] = [queue.other_config.get('max-rate'), row.other_config.get('max-rate')];
  if (rate === undefined || Number(root) < Number(rate)) return null;
  const burst = Number(queue.other_config.get('burst')) / 1000;
  return { kbps: { rate: Number(rate) / 1000, burst }, pktps: null, dscp: null };
}

/** What a packet from a place meets on its way, whatever its kind; null: nothing. */
function heldEgress(place: Place, reading: Reading): Held | null {
  const flows = reading.flows.get(place.bridge) ?? [];
  const meters = reading.meters.get(place.bridge) ?? [];
  const [arp, ...ip] = [null, 'ip', 'ipv6'].map((kind) =>
    walk(place.interface.ofport, kind, flows),
  );
  const isTheSame = ip.every(({ meterIds }) => `${meterIds}` === `${arp?.meterIds}`);
  const marks = new Set(ip.map(({ dscp }) => dscp));
  if (!arp || !isTheSame || marks.size !== 1) return null;
  const [dscp = null] = marks;
  if (arp.meterIds.length === 0 && dscp === null) return null;
  const rate = (unit: string) =>
    rateOf(meters.find((each) => each.unit === unit && arp.meterIds.includes(each.id)));
  return { kbps: rate('kbps'), pktps: rate('pktps'), dscp };
}

/** What every port with an id is held to, by `keyOf`. A port at two places is held to what both are. */
export function heldOn(reading: Reading): Map<string, Held | null> {
  const held = new Map<string, Held | null>();
  for (const [portId, [place, ...others]] of placesOf(reading.rows)) {
    if (!place || others.length > 0) continue;
    held.set(keyOf(portId, 'INGRESS'), heldIngress(place, reading.rows));
    held.set(keyOf(portId, 'EGRESS'), heldEgress(place, reading));
  }
  return held;
}

export function keyOf(portId: string, direction: Direction): string {
  return `${direction} ${portId}`;
}

function walk(ofport: number | null, kind: string | null, flows: readonly ReadFlow[]) {
  const meterIds: number[] = [];
  let dscp: number | null = null;
  let stage: number | null = 0;
  while (stage !== null && meterIds.length < 4) {
    const at: number = stage;
    const [flow]: ReadFlow[] = flows
      .filter((each) => each.inPort === ofport && each.stage === at)
      .filter(({ ethType }) => ethType === null || ethType === kind)
      .sort((a, b) => b.priority - a.priority);
    if (!flow) break;
    if (flow.meter !== null) meterIds.push(flow.meter);
    dscp = flow.dscp ?? dscp;
    stage = flow.next;
  }
  return { meterIds, dscp };
}

function rateOf(meter: ReadMeter | undefined): Rate | null {
  return meter ? { rate: meter.rate, burst: meter.burst } : null;
}

function rowsAt<K, V>(keys: Iterable<K>, rows: ReadonlyMap<K, V>): V[] {
  return [...keys].flatMap((key) => rows.get(key) ?? []);
}
