import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectOpenFlow, type OpenFlowClient } from '../../agent/openflow/client.ts';
import { addFlow, deleteFlows } from '../../agent/openflow/flows.ts';
import { addMeter, deleteMeter, type Meter, modifyMeter } from '../../agent/openflow/meters.ts';
import { run } from '../../scripts/lab/command.ts';
import { type Guest, startSwitch, type TestSwitch } from '../support/ovs.ts';
import { measureTcp, measureUdp, peakMbps, sampleThroughput } from '../support/traffic.ts';

const cookie = 0x51n;
let ovs: TestSwitch;
let client: OpenFlowClient;
let from: Guest;
let to: Guest;

beforeAll(async () => {
  ovs = await startSwitch();
  await ovs.addBridge('br0');
  [from, to] = [await ovs.addPort({ bridge: 'br0' }), await ovs.addPort({ bridge: 'br0' })];
  client = await connectOpenFlow(ovs.openflow('br0'));
});

afterAll(async () => {
  await client?.close();
  await ovs?.stop();
});

const limit = (rateMbps: number): Meter => ({
  id: 1,
  unit: 'kbps',
  bands: [{ rate: rateMbps * 1_000, burst: rateMbps * 100 }],
});

async function meterTraffic(meter: Meter): Promise<void> {
  const inPort = Number(await ovs.vsctl('get', 'Interface', from.interfaceName, 'ofport'));
  const mark = { register: 13, offset: 3, bits: 1, value: 1 };
  const flow = {
    cookie,
    table: 0,
    priority: 60_000,
    match: { inPort, registers: [{ register: 13, value: 0, mask: 8 }] },
    meter: meter.id,
    actions: [
      { type: 'loadRegister', ...mark },
      { type: 'resubmit', table: 0 },
    ],
  } as const;
  expect(await client.batch([addMeter(meter), addFlow(flow)])).toEqual([null, null]);
}

test('figures are those of a meter: UDP at its rate, TCP below it, all of it without one', async () => {
  expect(await measureUdp({ from, to, offeredMbps: 40, seconds: 2 })).toBeCloseTo(40, -1);

  await meterTraffic(limit(10));
  const udpMbps = await measureUdp({ from, to, offeredMbps: 40, seconds: 3 });
  expect(udpMbps).toBeGreaterThan(9);
  expect(udpMbps).toBeLessThan(11);
  const tcpMbps = await measureTcp({ from, to, seconds: 3 });
  expect(tcpMbps).toBeGreaterThan(2);
  expect(tcpMbps).toBeLessThan(11.5);

  await client.batch([deleteFlows({ cookie, mask: cookie }), deleteMeter(1)]);
});

test('a limit changed in place leaves no moment without one, and one put up anew does', async () => {
  await meterTraffic(limit(10));
  const changed = await sampleThroughput({
    from,
    to,
    offeredMbps: 100,
    during: async () => {
      await delay(1_500);
      await client.batch([modifyMeter(limit(12))]);
    },
  });
  expect(peakMbps(changed, 500)).toBeLessThan(12 * 1.5);

  const interrupted = await sampleThroughput({
    from,
    to,
    offeredMbps: 100,
    during: async () => {
      await delay(1_000);
      await client.batch([deleteMeter(1)]);
      await delay(1_000);
      await meterTraffic(limit(12));
    },
  });
  expect(peakMbps(interrupted, 500)).toBeGreaterThan(60);
});

test('nothing is left running, and a receiver that is not there is an error', async () => {
  await ovs.unplug(to);
  await expect(measureUdp({ from, to, offeredMbps: 1, seconds: 1 })).rejects.toThrow('iperf3');
  expect(await run('ip', ['netns', 'pids', from.netns])).toBe('');
  expect(await run('ip', ['netns', 'pids', to.netns])).toBe('');
});
