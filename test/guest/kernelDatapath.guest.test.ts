import {
  afterAll,
  beforeAll,
  beforeEach,
  expect,
  onTestFailed,
  onTestFinished,
  test,
} from 'vitest';
import { type Direction, UpdateQosRuleDocument } from '../../schema/generated/graphql.ts';
import type { Endpoint } from '../../scripts/lab/traffic.ts';
import { receivedMarks } from '../support/dscp.ts';
import { ovsVersion, queueMostKbps } from '../support/ovsVersion.ts';
import type { System } from '../support/system.ts';
import { bondedWayOut, bondSuite } from './bondSuite.ts';
import { expectCounted, metricsServed, type Told } from './counted.ts';
import { driftSuite } from './driftSuite.ts';
import { addWayOut, guaranteeSuite, wayOut } from './guaranteeSuite.ts';
import type { Guest } from './guest.ts';
import { type KernelHost, startKernelHost } from './kernelHost.ts';
import type { KernelSwitch, Port } from './kernelSwitch.ts';
import { expectHeld, expectServed, type PortRules, rulesOf } from './limits.ts';
import { policingSuite } from './policingSuite.ts';

/** iperf3's datagrams over Ethernet, in megabits. */
const datagramMbit = (1448 * 8) / 1e6;
let kernelHost: KernelHost;
let system: System;
let guest: Guest;
let ovs: KernelSwitch;
let rules: PortRules;
let port: Port;
let peer: Port;
let beyond: Endpoint;

beforeAll(async () => {
  kernelHost = await startKernelHost();
  ({ system, guest, ovs } = kernelHost);
  await ovs.addBridge('br0');
  port = await ovs.addPort('br0');
  peer = await ovs.addPort('br0');
  beyond = await addWayOut(kernelHost);
  rules = rulesOf(kernelHost, port);
  await kernelHost.startAgent({
    ...metricsServed,
    SLUICE_PHYSICAL_PORTS: `${wayOut},${bondedWayOut}`,
  });
});
afterAll(() => kernelHost?.[Symbol.asyncDispose]());
beforeEach(() => {
  onTestFailed(async () => console.error(await kernelHost.agentLog()));
});

/** As `expectHeld`, and what passed and what was dropped is counted as both ends see it. */
function expectHeldAndCounted(direction: Direction, maxMbps: number, told: Told): Promise<void> {
  const [from, to] = direction === 'EGRESS' ? [port, peer] : [peer, port];
  return expectCounted({ guest, port, direction, from, to }, told, () =>
    expectHeld(from, to, maxMbps),
  );
}

test('the agent finds that this host can police, and says so', async () => {
  await kernelHost.capabilities({
    tcPolice: true,
    tcHtb: true,
    datapathTypes: { br0: 'system' },
    mechanisms: { br0: { EGRESS: 'ingress_policing', INGRESS: 'linux_htb' } },
  });
});

test('EGRESS is policed by the kernel, changed, and removed without a trace', async () => {
  const id = await rules.create({ direction: 'EGRESS', maxKbps: 10_000 });
  await rules.applied(id, { mechanism: 'ingress_policing', maxKbps: 10_000 });
  expect(await ovs.tc('filters', port.interfaceName)).toMatch(/police .*rate 10Mbit/);
  await expectHeldAndCounted('EGRESS', 10, ['passedPackets', 'droppedPackets']);

  await system.request(UpdateQosRuleDocument, { input: { id, maxKbps: 5_000 } });
  await rules.applied(id, { mechanism: 'ingress_policing', maxKbps: 5_000 });
  expect(await ovs.tc('filters', port.interfaceName)).toMatch(/police .*rate 5Mbit/);
  await expectHeld(port, peer, 5);

  await rules.remove(id);
});

test('where nobody sets a burst, TCP reaches more than 80 % of the rate, by policer and by queue', async () => {
  const egress = await rules.create({ direction: 'EGRESS', maxKbps: 10_000 });
  const ingress = await rules.create({ direction: 'INGRESS', maxKbps: 10_000 });
  await rules.applied(egress, { mechanism: 'ingress_policing', maxKbps: 10_000 });
  await rules.applied(ingress, { mechanism: 'linux_htb', maxKbps: 10_000 });
  await expectServed(port, peer, 10);
  await expectServed(peer, port, 10);
  await rules.remove(egress, ingress);
});

test('over 34 Gbit/s before Open vSwitch 3.2 it is DEGRADED with both numbers, by policer and by queue', async () => {
  const maxKbps = 40_000_000;
  const most = Math.min(maxKbps, queueMostKbps);
  const ids: string[] = [];
  for (const direction of ['EGRESS', 'INGRESS'] as const) {
    const id = await rules.create({ direction, maxKbps });
    ids.push(id);
    await kernelHost.binding(id, ({ status, message, programmed }) => {
      expect(programmed?.maxKbps).toBe(most);
      expect({ status, message }).toEqual(
        most === maxKbps
          ? { status: 'APPLIED', message: null }
          : {
              status: 'DEGRADED',
              message: `${maxKbps} kbit/s was asked for; Open vSwitch ${ovsVersion} on this host holds ${most} at most.`,
            },
      );
    });
  }
  const rate = most === maxKbps ? '40Gbit' : '34359Mbit';
  expect(await ovs.tc('filters', port.interfaceName)).toContain(`rate ${rate}`);
  expect(await ovs.tc('classes', port.interfaceName)).toContain(`ceil ${rate}`);
  await rules.remove(...ids);
});

test('a packet rate is policed by the kernel', async () => {
  const id = await rules.create({ direction: 'EGRESS', maxKpps: 1 });
  await rules.applied(id, { mechanism: 'ingress_policing', maxKbps: null, maxKpps: 1 });
  await expectHeldAndCounted('EGRESS', 1_000 * datagramMbit, ['passedPackets', 'droppedPackets']);
  await rules.remove(id);
});

test('a rate and a packet rate together are metered: a policer of the kernel’s holds one of them', async () => {
  const id = await rules.create({ direction: 'EGRESS', maxKbps: 20_000, maxKpps: 1 });
  await rules.applied(id, { mechanism: 'openflow_meter', maxKbps: 20_000, maxKpps: 1 });
  const told = ['passedBytes', 'passedPackets', 'droppedBytes', 'droppedPackets'] as const;
  await expectHeldAndCounted('EGRESS', 1_000 * datagramMbit, told);

  await system.request(UpdateQosRuleDocument, { input: { id, maxKbps: 10_000, maxKpps: 5 } });
  await rules.applied(id, { mechanism: 'openflow_meter', maxKbps: 10_000, maxKpps: 5 });
  await expectHeld(port, peer, 10);
  await rules.remove(id);
});

test('what an internal port sends is metered: a policer there would limit what reaches it', async () => {
  const own = await ovs.addInternalPort('br0');
  onTestFinished(() => ovs.vsctl('del-port', own.interfaceName).then(() => undefined));
  const itsRules = rulesOf(kernelHost, own);
  const id = await itsRules.create({ direction: 'EGRESS', maxKbps: 10_000 });
  await itsRules.applied(id, { mechanism: 'openflow_meter', maxKbps: 10_000 });
  await expectHeld(own, peer, 10);
  await itsRules.remove(id);
});

test('packets of both families leave with the mark of the rule, beside a policer too', async () => {
  const arriving = async () => {
    const { ipv4, ipv6 } = await receivedMarks(port, peer);
    expect(ipv6).toEqual(ipv4);
    return ipv4;
  };
  const id = await rules.create({ direction: 'EGRESS', dscpMark: 46, maxKbps: 10_000 });
  await rules.applied(id, { mechanism: 'ingress_policing', maxKbps: 10_000, dscpMark: 46 });
  expect(await arriving()).toEqual({ dscp: 46, ecn: 1 });
  await rules.remove(id);
  expect(await arriving()).toEqual({ dscp: 26, ecn: 1 });
});

test('INGRESS is queued by htb', async () => {
  // A queue that holds all that a sender's socket does drops nothing: the sender waits.
  const queueOf = (packets: number) =>
    guest.succeed(`ip link set ${port.interfaceName} txqueuelen ${packets}`);
  await queueOf(10);
  onTestFinished(() => queueOf(1_000).then(() => undefined));
  const id = await rules.create({ direction: 'INGRESS', maxKbps: 10_000 });
  await rules.applied(id, { mechanism: 'linux_htb', maxKbps: 10_000 });
  await expectHeldAndCounted('INGRESS', 10, ['passedBytes', 'passedPackets', 'droppedPackets']);
  await rules.remove(id);
});

test('both directions are held again when ovs-vswitchd was killed and started', async () => {
  const egress = await rules.create({ direction: 'EGRESS', maxKbps: 10_000 });
  const ingress = await rules.create({ direction: 'INGRESS', maxKbps: 5_000 });
  await rules.applied(egress, { mechanism: 'ingress_policing', maxKbps: 10_000 });
  await rules.applied(ingress, { mechanism: 'linux_htb', maxKbps: 5_000 });

  await ovs.killVswitchd();
  await ovs.startVswitchd();

  await expectHeld(port, peer, 10);
  await expectHeld(peer, port, 5);
  await rules.applied(egress, { mechanism: 'ingress_policing', maxKbps: 10_000 });
  await rules.remove(egress, ingress);
});

guaranteeSuite(() => ({ kernelHost, first: port, second: peer, beyond }));
driftSuite(() => ({ kernelHost, limited: peer, guaranteed: port }));
bondSuite(() => ({ kernelHost, first: port, second: peer }));
policingSuite(() => ({ kernelHost, port, peer }));
