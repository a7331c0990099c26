import type { TestSwitch } from './ovs.ts';

/** What a switch is read by. */
export type SwitchTools = Pick<TestSwitch, 'vsctl' | 'ofctl'>;

/** What a switch enforces on one port, in kbit/s, as its own tools tell it; null: nothing. */
export interface Enforced {
  readonly egressKbps: number | null;
  readonly ingressKbps: number | null;
}

/** Reads a switch from outside, by ovs-vsctl and ovs-ofctl: what each port with an iface-id is held to. */
export async function readSwitch(ovs: SwitchTools, bridge: string): Promise<Map<string, Enforced>> {
  const [interfaces, ports, qoses, queues] = await Promise.all(
    (['Interface', 'Port', 'QoS', 'Queue'] as const).map((table) => listTable(ovs, table)),
  );
  const [meters, flows] = await Promise.all([readMeters(ovs, bridge), readMeterFlows(ovs, bridge)]);
  const enforced = new Map<string, Enforced>();
  for (const row of interfaces ?? []) {
    const portId = mapOf(row.external_ids).get('iface-id');
    if (!portId) continue;
    const port = ports?.find(({ name }) => name === row.name);
    const qos = qoses?.find(({ _uuid }) => same(_uuid, port?.qos));
    const queue = queues?.find(({ _uuid }) =>
      JSON.stringify(qos?.queues ?? '').includes(uuidOf(_uuid)),
    );
    const maxRate = mapOf(queue?.other_config).get('max-rate');
    const meterId = flows.get(Number(row.ofport));
    enforced.set(portId, {
      ingressKbps: maxRate === undefined ? null : Number(maxRate) / 1_000,
      egressKbps: meterId === undefined ? null : (meters.get(meterId) ?? null),
    });
  }
  return enforced;
}

/** Everything in the switch that could be left of a limit. Empty lists: nothing is. */
export async function leftovers(ovs: SwitchTools, bridge: string): Promise<object> {
  const [qos, queues, meters, flows] = await Promise.all([
    listTable(ovs, 'QoS'),
    listTable(ovs, 'Queue'),
    readMeters(ovs, bridge),
    readMeterFlows(ovs, bridge),
  ]);
  const marks = await ovs.vsctl('get', 'Bridge', bridge, 'external_ids');
  return {
    qos: qos.length,
    queues: queues.length,
    meters: meters.size,
    flows: flows.size,
    marks: /sluice/.test(marks),
  };
}

export const nothingLeft = { qos: 0, queues: 0, meters: 0, flows: 0, marks: false };

type Row = Record<string, unknown>;

async function listTable(ovs: SwitchTools, table: string): Promise<Row[]> {
  const { headings, data } = JSON.parse(await ovs.vsctl('--format=json', 'list', table)) as {
    headings: string[];
    data: unknown[][];
  };
  return data.map((row) => Object.fromEntries(row.map((cell, index) => [headings[index], cell])));
}

/** Meter id → rate of its first band in kbit/s. */
async function readMeters(ovs: SwitchTools, bridge: string): Promise<Map<number, number>> {
  const text = await ovs.ofctl('dump-meters', bridge);
  return new Map(
    [...text.matchAll(/meter=(\d+) .*?rate=(\d+)/gs)].map(([, id, rate]) => [
      Number(id),
      Number(rate),
    ]),
  );
}

/** OpenFlow port → meter id, of the flows that meter a port. */
async function readMeterFlows(ovs: SwitchTools, bridge: string): Promise<Map<number, number>> {
  const text = await ovs.ofctl('--no-names', 'dump-flows', bridge);
  return new Map(
    [...text.matchAll(/in_port=(\d+).*?meter:(\d+)/g)].map(([, port, meter]) => [
      Number(port),
      Number(meter),
    ]),
  );
}

/** An OVSDB map in JSON (RFC 7047 §5.1). */
function mapOf(value: unknown): Map<string, string> {
  const pairs = Array.isArray(value) && value[0] === 'map' ? (value[1] as [string, string][]) : [];
  return new Map(pairs);
}

const uuidOf = (value: unknown): string => (Array.isArray(value) ? String(value[1]) : 'none');
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
