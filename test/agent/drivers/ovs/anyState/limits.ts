import type { Database, InterfaceRow, PortRow } from '../../../../../agent/drivers/ovs/tables.ts';
import type { Direction } from '../../../../../schema/generated/graphql.ts';
import { hasQueue, isAbout } from './kernel.ts';
import type { ReadFlow, Reading, ReadMeter } from './reading.ts';

/** What one direction of one port is held to. */
export interface Held {
  readonly kbps: Rate | null;
  readonly pktps: Rate | null;
  readonly dscp: number | null;
  /** What it gets at least on each way out, in kbit/s; null: no queue of its own. */
  readonly least: Readonly<Record<string, number | null>> | null;
}

interface Rate {
  readonly rate: number;
  readonly burst: number | null;
}

/** An interface that carries a port's id, and where it is. */
export interface Place {
  readonly bridge: string;
  readonly isUserspace: boolean;
  readonly port: PortRow;
  readonly interface: InterfaceRow;
}

function placesIn(rows: Database): Place[] {
  return [...rows.Bridge.values()].flatMap(({ name: bridge, datapath_type, ports }) =>
    rowsAt(ports, rows.Port).flatMap((port) =>
      rowsAt(port.interfaces, rows.Interface).map((row) => ({
        bridge,
        isUserspace: datapath_type === 'netdev',
        port,
        interface: row,
      })),
    ),
  );
}

/** Where each port is plugged, by its id. */
export function placesOf(rows: Database): Map<string, Place[]> {
  const idOf = ({ interface: { external_ids } }: Place) =>
    external_ids.get('iface-id')?.toLowerCase() ?? '';
  const isId = (id: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);
  return Map.groupBy(
    placesIn(rows).filter((place) => isId(idOf(place))),
    idOf,
  );
}

/** Where traffic leaves the host. */
export function waysOut(rows: Database): Place[] {
  return placesIn(rows).filter(
    ({ interface: { name, external_ids } }) => /^up\d/.test(name) && !external_ids.has('iface-id'),
  );
}

/** What a place's queue lets through to the guest; null: everything. */
function heldIngress({ port, interface: { name } }: Place, { rows, kernel }: Reading): Held | null {
  const row = port.qos === null ? undefined : rows.QoS.get(port.qos);
  const queue = rows.Queue.get(row?.queues.get(0) ?? port._uuid);
  if (row?.type !== 'linux-htb' || !queue) return null;
  const [rate, root] = [queue.other_config.get('max-rate'), row.other_config.get('max-rate')];
  if (rate === undefined || Number(root) < Number(rate)) return null;
  const kbps = { rate: Number(rate) / 1000, burst: Number(queue.other_config.get('burst')) / 1000 };
  if (!hasQueue(kernel.get(name), 0, { most: kbps.rate })) return null;
  return { kbps, pktps: null, dscp: null, least: null };
}

/** What a packet from a place meets on its way, whatever its kind; null: nothing. */
function heldEgress(place: Place, reading: Reading): Held | null {
  const flows = reading.flows.get(place.bridge) ?? [];
  const meters = reading.meters.get(place.bridge) ?? [];
  const [arp, ...ip] = [null, 'ip', 'ipv6'].map((kind) =>
    walk(place.interface.ofport, kind, flows),
  );
  const marks = new Set(ip.map(({ dscp }) => dscp));
  if (!arp || marks.size !== 1) return null;
  const [dscp = null] = marks;
  const isSame = (of: (path: Path) => unknown) =>
    ip.every((each) => `${of(each)}` === `${of(arp)}`);
  const meterIds = isSame((path) => path.meterIds) ? arp.meterIds : [];
  const queue = isSame((path) => path.queue) ? arp.queue : null;
  const policed = policedAt(place, reading);
  if (!policed && meterIds.length === 0 && dscp === null && queue === null) return null;
  const rate = (unit: string) =>
    rateOf(meters.find((each) => each.unit === unit && meterIds.includes(each.id)));
  const least = queue === null ? null : leastOf(queue, reading);
  return { kbps: rate('kbps'), pktps: rate('pktps'), ...policed, dscp, least };
}

/** By a policer of Sluice's, in the database and in the kernel. */
function policedAt(
  { interface: row, isUserspace }: Place,
  { kernel }: Reading,
): Partial<Pick<Held, 'kbps' | 'pktps'>> | null {
  const policer = kernel.get(row.name)?.policer ?? null;
  // Of an internal port the kernel polices what comes to it.
  if (isUserspace || row.type === 'internal' || !policer) return null;
  const [kbps, kpps] = [row.ingress_policing_rate, row.ingress_policing_kpkts_rate];
  const holds =
    row.external_ids.has('sluice-policing') &&
    isAbout(policer.kbps, kbps || null) &&
    isAbout(policer.pktps, kpps * 1000 || null);
  if (!holds) return null;
  return {
    ...(kbps > 0 && { kbps: { rate: kbps, burst: row.ingress_policing_burst } }),
    ...(kpps > 0 && {
      pktps: { rate: kpps * 1000, burst: row.ingress_policing_kpkts_burst * 1000 },
    }),
  };
}

/** Of a queue that holds nothing back: all that leaves shares what the link carries. */
function leastOf(queueId: number, { rows, kernel }: Reading): NonNullable<Held['least']> {
  return Object.fromEntries(
    waysOut(rows).map(({ port, interface: { name } }) => {
      const row = rows.QoS.get(port.qos ?? port._uuid);
      const queue = rows.Queue.get(row?.queues.get(queueId) ?? port._uuid);
      const [root, minRate] = [
        row?.other_config.get('max-rate'),
        queue?.other_config.get('min-rate'),
      ];
      const [most, least] = [Number(root) / 1000, Number(minRate) / 1000];
      const device = kernel.get(name);
      // Without its mark it is made anew. Beside a queue 0, or below more than the link carries, others would take
      // what is guaranteed.
      const holds =
        row?.external_ids.has('sluice-physical') &&
        hasQueue(device, queueId, { least, most }) &&
        hasQueue(device, 0, { most }) &&
        isAbout(device?.classes.get('1:fffe')?.most ?? null, most);
      return [name, holds ? least : null];
    }),
  );
}

/** What every port with an id is held to, by `keyOf`. A port at two places is held to what both are. */
export function heldOn(reading: Reading): Map<string, Held | null> {
  const held = new Map<string, Held | null>();
  for (const [portId, [place, ...others]] of placesOf(reading.rows)) {
    if (!place || others.length > 0) continue;
    held.set(keyOf(portId, 'INGRESS'), heldIngress(place, reading));
    held.set(keyOf(portId, 'EGRESS'), heldEgress(place, reading));
  }
  return held;
}

export function keyOf(portId: string, direction: Direction): string {
  return `${direction} ${portId}`;
}

type Path = ReturnType<typeof walk>;

function walk(ofport: number | null, kind: string | null, flows: readonly ReadFlow[]) {
  const meterIds: number[] = [];
  let dscp: number | null = null;
  let queue: number | null = null;
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
    queue = flow.queue ?? queue;
    stage = flow.next;
  }
  return { meterIds, dscp, queue };
}

function rateOf(meter: ReadMeter | undefined): Rate | null {
  return meter ? { rate: meter.rate, burst: meter.burst } : null;
}

function rowsAt<K, V>(keys: Iterable<K>, rows: ReadonlyMap<K, V>): V[] {
  return [...keys].flatMap((key) => rows.get(key) ?? []);
}
