import { connect } from 'node:net';
import { followed } from '../../../agent/drivers/ovs/tables.ts';
import { JsonFramer } from '../../../agent/ovsdb/framing.ts';
import { monitorMethods, monitorParams, requestsForAll } from '../../../agent/ovsdb/monitor.ts';
import { type Json, NamedUuid } from '../../../agent/ovsdb/notation.ts';
import { insert, isRow, select, update } from '../../../agent/ovsdb/operations.ts';
import { startSwitch } from '../../support/ovs.ts';

/** What ovsdb-server said to a client, message by message, and what each answer was asked by. */
export interface Recording {
  readonly messages: readonly Buffer[];
  readonly asked: ReadonlyMap<number, string>;
}

interface Message {
  readonly id?: unknown;
  readonly method?: unknown;
}

const start = '00000000-0000-0000-0000-000000000000';

/** A session with a real ovsdb-server that follows a switch in each way there is, while its rows come, change and go. */
export async function recordSession(): Promise<Recording> {
  await using ovs = await startSwitch();
  await ovs.addBridge('br0');
  const socket = connect(ovs.ovsdb.slice('unix:'.length));
  const framer = new JsonFramer();
  const messages: Buffer[] = [];
  const asked = new Map<number, string>();
  const waiting = new Map<number, () => void>();
  socket.on('data', (chunk: Buffer) => {
    for (const { json } of framer.push(chunk)) {
      messages.push(Buffer.from(JSON.stringify(json)));
      waiting.get(Number((json as Message).id))?.();
    }
  });
  const ask = (method: string, params: Json) => {
    const id = asked.size + 1;
    asked.set(id, method);
    socket.write(JSON.stringify({ id, method, params }));
    return new Promise<void>((resolve) => waiting.set(id, resolve));
  };

  await ask('lock', ['sluice_agent']);
  await ask('get_schema', ['Open_vSwitch']);
  const everything = requestsForAll(Object.values(followed));
  for (const method of monitorMethods) {
    await ask(method, monitorParams(method, 'Open_vSwitch', `by ${method}`, everything, start));
  }
  await addPort(ovs, 1);
  await addPort(ovs, 2);
  await ovs.vsctl('clear', 'Interface', 'veth1', 'external_ids', '--', 'del-port', 'veth2');
  const { Queue } = followed;
  const queue = new NamedUuid('queue');
  const values = { external_ids: new Map([['sluice-port', 'é"\\']]) };
  await ask('transact', [
    'Open_vSwitch',
    insert(Queue, values, queue),
    update(Queue, [isRow(queue)], { other_config: new Map([['max-rate', '1']]) }),
    select(Queue, [], ['other_config', 'external_ids']),
  ]);
  await ask('transact', ['Open_vSwitch', { op: 'comment', comment: 'x' }, { op: 'abort' }]);
  await ask('sing', []);
  socket.destroy();
  return { messages, asked };
}

/** With a QoS that has two queues. */
function addPort(ovs: { vsctl(...args: string[]): Promise<string> }, number: number) {
  const name = `veth${number}`;
  const portId = `5e0b3a1c-6f27-4c0e-9a55-0d5f0f1a2b0${number}`;
  const port = `--no-wait add-port br0 ${name} -- set Interface ${name} type=internal external_ids:iface-id=${portId}`;
  const qos = `set Port ${name} qos=@qos -- --id=@qos create QoS type=linux-htb queues:0=@q0 queues:7=@q7`;
  const queues = '--id=@q0 create Queue other_config:max-rate=1 -- --id=@q7 create Queue dscp=1';
  return ovs.vsctl(...`${port} -- ${qos} -- ${queues}`.split(' '));
}
