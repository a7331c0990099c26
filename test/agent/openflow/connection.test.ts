import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect as connectSocket, createServer } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { connectOpenFlow } from '../../../agent/openflow/client.ts';
import { ConnectionClosed } from '../../../agent/openflow/errors.ts';
import { addMeter } from '../../../agent/openflow/meters.ts';
import { runIn } from '../../../scripts/lab/command.ts';
import { eventually } from '../../support/eventually.ts';
import { startSwitch, type TestSwitch } from '../../support/ovs.ts';

let ovs: TestSwitch;

beforeAll(async () => {
  ovs = await startSwitch();
  await ovs.addBridge('br0');
});

// One test kills the daemon: that it fails must not fail the next.
beforeEach(() => ovs.startVswitchd());

afterAll(() => ovs?.stop());

const meter = (id: number) => addMeter({ id, unit: 'kbps', bands: [{ rate: 1, burst: null }] });

/** Halts ovs-vswitchd as a machine without time for it would. */
async function halt(): Promise<{ resume(): void }> {
  const pid = Number(await readFile(`${ovs.dir}/ovs-vswitchd.pid`, 'utf8'));
  process.kill(pid, 'SIGSTOP');
  return { resume: () => process.kill(pid, 'SIGCONT') };
}

/** A socket before the switch's: what it sends on may be counted, cut to pieces, or ended in the middle. */
async function relayTo(target: string, { pieceBytes = 65_536, endAfterBytes = Infinity } = {}) {
  const path = `${ovs.dir}/relay${randomUUID().slice(0, 8)}`;
  const seen = { bytes: 0 };
  const server = createServer((client) => {
    const upstream = connectSocket(target);
    client.setNoDelay().pipe(upstream);
    upstream.on('data', (chunk) => {
      const passed = chunk.subarray(0, Math.max(0, endAfterBytes - seen.bytes));
      for (let start = 0; start < passed.length; start += pieceBytes) {
        client.write(passed.subarray(start, start + pieceBytes));
      }
      seen.bytes += passed.length;
      if (passed.length < chunk.length) client.end();
    });
    client.on('close', () => upstream.destroy()).on('error', () => {});
    upstream.on('close', () => client.destroy()).on('error', () => {});
  }).listen(path);
  await once(server, 'listening');
  return { path, seen, [Symbol.asyncDispose]: async () => void server.close() };
}

test('a killed switch closes the connection, rejects what waits, and can be connected to again', async () => {
  const client = await connectOpenFlow(ovs.openflow('br0'));
  await halt();
  const waiting = client.batch([meter(1)]);
  const rejected = expect(waiting).rejects.toThrow(ConnectionClosed);
  await ovs.killVswitchd();
  await rejected;
  expect((await client.closed).message).toContain(`OpenFlow over ${ovs.openflow('br0')} ended: `);
  await expect(client.barrier()).rejects.toThrow(ConnectionClosed);
  await expect(connectOpenFlow(ovs.openflow('br0'))).rejects.toThrow('ECONNREFUSED');

  await ovs.startVswitchd();
  await using again = await connectOpenFlow(ovs.openflow('br0'));
  expect(await again.dumpMeters(), 'meters do not outlive the daemon').toEqual([]);
});

test('a switch that hangs is given up after an echo that does not come', async () => {
  const client = await connectOpenFlow(ovs.openflow('br0'), { echoMs: 200 });
  const halted = await halt();
  try {
    const text = 'was silent for 200 ms after an echo request';
    await expect(client.barrier()).rejects.toThrow(text);
  } finally {
    halted.resume();
  }
});

test('echoes keep an idle connection open, and nothing else is said on it', async () => {
  await using relay = await relayTo(ovs.openflow('br0'));
  await using client = await connectOpenFlow(relay.path, { echoMs: 300 });
  await using counted = await relayTo(ovs.openflow('br0'));
  await using quiet = await connectOpenFlow(counted.path);
  await quiet.barrier();
  const before = counted.seen.bytes;

  // What a controller's connection would be told of: ports, ended flows, packets.
  await ovs.ofctl('add-flow', 'br0', 'send_flow_rem,priority=9,in_port=LOCAL,actions=CONTROLLER');
  await ovs.addPort({ bridge: 'br0' });
  await ovs.ofctl('del-flows', 'br0', 'in_port=LOCAL');
  await ovs.ofctl('add-flow', 'br0', 'cookie=9,priority=1,actions=CONTROLLER');
  const guest = await ovs.addPort({ bridge: 'br0' });
  await runIn(guest.netns, 'bash', ['-c', 'echo > /dev/udp/10.77.255.255/9 || true']);
  await eventually(async () => {
    expect(await ovs.ofctl('dump-flows', 'br0', 'cookie=9/-1')).not.toContain('n_packets=0');
  });

  await quiet.barrier();
  const barrierReplyBytes = 8;
  expect(counted.seen.bytes - before).toBe(barrierReplyBytes);
  await client.barrier();
});

test('answers may come byte by byte', async () => {
  await using relay = await relayTo(ovs.openflow('br0'), { pieceBytes: 1 });
  await using client = await connectOpenFlow(relay.path);
  expect(await client.batch([meter(7), meter(7)])).toMatchObject([
    null,
    { code: 'OFPMMFC_METER_EXISTS' },
  ]);
  expect(await client.dumpMeters()).toMatchObject([{ id: 7 }]);
});

test('a connection that ends within an answer rejects the question', async () => {
  await using relay = await relayTo(ovs.openflow('br0'), { pieceBytes: 5, endAfterBytes: 30 });
  await using client = await connectOpenFlow(relay.path);
  await expect(client.dumpMeters()).rejects.toThrow('the switch closed the connection');
});

test('a switch that does not answer HELLO is given up', async () => {
  const halted = await halt();
  try {
    const attempt = connectOpenFlow(ovs.openflow('br0'), { helloTimeoutMs: 100 });
    await expect(attempt).rejects.toThrow('no HELLO came within 100 ms');
  } finally {
    halted.resume();
  }
});

test('a bridge without OpenFlow 1.3 is named with what to do about it', async () => {
  await ovs.addBridge('old');
  await ovs.vsctl('set', 'Bridge', 'old', 'protocols=OpenFlow10,OpenFlow11');
  await expect(connectOpenFlow(ovs.openflow('old'))).rejects.toThrow(
    'the bridge speaks OpenFlow 1.0, 1.1; 1.3 is needed: add OpenFlow13 to its protocols.',
  );
});

test('an abort ends the attempt, and the connection once there is one', async () => {
  const aborted = connectOpenFlow(ovs.openflow('br0'), { signal: AbortSignal.abort() });
  await expect(aborted).rejects.toThrow('it was aborted');

  const controller = new AbortController();
  const client = await connectOpenFlow(ovs.openflow('br0'), { signal: controller.signal });
  controller.abort();
  expect((await client.closed).message).toContain('it was aborted');
});

test('more messages than a connection keeps are refused, and those in order are not disturbed', async () => {
  await using client = await connectOpenFlow(ovs.openflow('br0'));
  const halted = await halt();
  const thousand = Array.from({ length: 1_000 }, (_, index) => meter(1_000 + index));
  const taken = Array.from({ length: 10 }, () => client.batch(thousand));
  await expect(client.batch([meter(1)])).rejects.toThrow(
    '10000 messages have no answer yet and 1 more make it over 10000',
  );
  halted.resume();
  expect((await Promise.all(taken)).flat().filter((error) => error === null)).toHaveLength(1_000);
});
