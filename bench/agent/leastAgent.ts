/**
 * The least program that does an agent's work of a cold start by queues: dials both sides, reads what is there, hears
 * what is wanted, and writes the rows. It judges nothing, checks nothing and says nothing. What it takes beside raw is
 * what Node and the two conversations take; all else that an agent is comes on top of it.
 */
import { enableCompileCache } from 'node:module';
import { connect } from 'node:net';
import type { HtbRows } from '../../agent/drivers/ovs/htbRows.ts';
import { JsonFramer } from '../../agent/ovsdb/framing.ts';
import type { PortQos } from './host.ts';

/** Rows as `monitor_cond` first tells of them (ovsdb-server(7) §4.1.12). */
type Rows<R> = Readonly<Record<string, { readonly initial: R }>>;
type Pairs = readonly ['map', readonly (readonly [string, string])[]];

interface Found {
  readonly Port: Rows<{ readonly interfaces: readonly [string, string] }>;
  readonly Interface: Rows<{ readonly external_ids?: Pairs }>;
}

const { SLUICE_SERVER: server = '', SLUICE_OVSDB: ovsdb = '', SLUICE_DATA: data } = process.env;
enableCompileCache(data);

const everything = {
  Open_vSwitch: [{ columns: ['next_cfg', 'cur_cfg'] }],
  Bridge: [{ columns: ['name', 'ports', 'external_ids'] }],
  Port: [{ columns: ['name', 'interfaces', 'qos'] }],
  Interface: [{ columns: ['name', 'type', 'ofport', 'external_ids'] }],
  QoS: [{ columns: ['type', 'queues', 'other_config', 'external_ids'] }],
  Queue: [{ columns: ['other_config', 'external_ids'] }],
};

/** So that `cur_cfg` says when vswitchd has followed. */
const settles = {
  op: 'mutate',
  table: 'Open_vSwitch',
  where: [],
  mutations: [['next_cfg', '+=', 1]],
};

const database = connect(ovsdb.replace(/^unix:/, ''));
const ask = (method: string, params: readonly unknown[]) =>
  database.write(JSON.stringify({ id: method, method, params }));

const found = readDatabase();
const wanted = hearStep();
ask('transact', ['Open_vSwitch', ...(await operationsFor(await found, await wanted))]);

/** Resolves with the first answer; what comes later is read, and not looked at. */
function readDatabase(): Promise<Found> {
  const { promise, resolve } = Promise.withResolvers<Found>();
  const framer = new JsonFramer();
  database.on('data', (chunk: Buffer) => {
    for (const { json } of framer.push(chunk)) resolve((json as { readonly result: Found }).result);
  });
  ask('monitor_cond', ['Open_vSwitch', null, everything]);
  return promise;
}

/** Speaks as much of graphql-transport-ws as brings the first step. */
async function hearStep(): Promise<readonly PortQos[]> {
  const { WebSocket } = await import('ws');
  const socket = new WebSocket(server.replace(/^http/, 'ws'), 'graphql-transport-ws');
  const say = (message: object) => socket.send(JSON.stringify(message));
  const query = 'subscription ($host: String!) { hostQosChanges(host: $host) { to } }';
  return new Promise((resolve) => {
    socket.on('open', () => say({ type: 'connection_init', payload: {} }));
    socket.on('message', (bytes) => {
      const { type, payload } = JSON.parse(String(bytes));
      if (type === 'next') resolve(payload.data.hostQosChanges.ports);
      if (type !== 'connection_ack') return;
      say({ id: '1', type: 'subscribe', payload: { query, variables: { host: 'bench' } } });
    });
  });
}

async function operationsFor({ Port, Interface }: Found, ports: readonly PortQos[]) {
  const { htbRows } = await import('../../agent/drivers/ovs/htbRows.ts');
  const limits = new Map(ports.map(({ portId, ingress }) => [portId, ingress]));
  const operations: object[] = [];
  for (const [uuid, { initial }] of Object.entries(Port)) {
    const [, pairs = []] = Interface[initial.interfaces[1]]?.initial.external_ids ?? [];
    const portId = pairs.find(([key]) => key === 'iface-id')?.[1] ?? '';
    const rate = limits.get(portId)?.maxKbps;
    if (typeof rate !== 'number') continue;
    const rows = htbRows(portId, { rate, burst: rate, notes: [] });
    operations.push(...writeOf(uuid, rows, operations.length));
  }
  return [...operations, settles];
}

/** As the agent writes them. */
function writeOf(port: string, { qosConfig, queueConfig, marks }: HtbRows, number: number) {
  const [queue, qos] = [`queue${number}`, `qos${number}`];
  const mapOf = (pairs: Iterable<readonly [unknown, unknown]>) => ['map', [...pairs]];
  const external_ids = mapOf(marks);
  const queueRow = { other_config: mapOf(queueConfig), external_ids };
  const queues = mapOf([[0, ['named-uuid', queue]]]);
  const qosRow = { type: 'linux-htb', queues, other_config: mapOf(qosConfig), external_ids };
  return [
    { op: 'insert', table: 'Queue', row: queueRow, 'uuid-name': queue },
    { op: 'insert', table: 'QoS', row: qosRow, 'uuid-name': qos },
    {
      op: 'update',
      table: 'Port',
      where: [['_uuid', '==', ['uuid', port]]],
      row: { qos: ['named-uuid', qos] },
    },
  ];
}
