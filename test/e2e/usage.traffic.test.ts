import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  CreateQosRuleDocument,
  type Direction,
  QosUsageDocument,
  type QosUsageQuery,
  UpdateQosRuleDocument,
} from '../../schema/generated/graphql.ts';
import { runIn } from '../../scripts/lab/command.ts';
import { type Sample, sendTraffic } from '../../scripts/lab/traffic.ts';
import { eventually } from '../support/eventually.ts';
import { type HostLab, startHostLab } from '../support/hostLab.ts';
import type { Guest, TestSwitch } from '../support/ovs.ts';
import type { Program } from '../support/program.ts';
import { query } from '../support/query.ts';
import type { System } from '../support/system.ts';

const host = 'host-a';
const heartbeatMs = 200;
let lab: HostLab;
let ovs: TestSwitch;
let system: System;
let agent: Program;
let guest: Guest;
let peer: Guest;

beforeAll(async () => {
  lab = await startHostLab({ SLUICE_HEARTBEAT_MS: String(heartbeatMs) });
  ({ ovs, system } = lab);
  guest = await ovs.addPort({ bridge: 'br0' });
  peer = await ovs.addPort({ bridge: 'br0' });
  agent = await system.startAgent({ host, ovs });
});
afterAll(() => lab?.[Symbol.asyncDispose]());

type Usage = NonNullable<QosUsageQuery['qosAgentBindings']['nodes'][number]['usage']>;

async function limit(direction: Direction, { portId }: Guest = guest): Promise<string> {
  const input = {
    tenantId: 't',
    portId,
    direction,
    maxKbps: 10_000,
    maxBurstKbps: 500,
  };
  return (await system.request(CreateQosRuleDocument, { input })).createQosRule.qosRule.id;
}

async function usageOf(ruleId: string): Promise<Usage | null | undefined> {
  const filter = { qosRuleId: [ruleId] };
  const { qosAgentBindings } = await system.request(QosUsageDocument, { filter });
  return qosAgentBindings.nodes[0]?.usage;
}

/** As counted by a sample that was taken after this call. */
function usageNow(ruleId: string): Promise<Usage> {
  const calledAt = Date.now();
  return eventually(
    async () => {
      const usage = await usageOf(ruleId);
      // A sample is on its way for a part of a heartbeat.
      if (!usage || Date.parse(usage.at) < calledAt + heartbeatMs)
        throw new Error('Not counted yet.');
      return usage;
    },
    { timeoutMs: 10_000 },
  );
}

const offeredMbps = 30;
const seconds = 3;

/** iperf3's datagrams: its payload, and 42 bytes of UDP, IPv4 and Ethernet around each. */
const datagramBytes = { payload: 1_448, frame: 1_490 };

async function flood(from: Guest, to: Guest): Promise<{ received: number; offered: number }> {
  const samples = await sendTraffic({ from, to, seconds, protocol: { udpMbps: offeredMbps } });
  const framed = datagramBytes.frame / datagramBytes.payload;
  const offered = ((offeredMbps * 1e6) / 8) * seconds;
  return { received: payloadBytes(samples) * framed, offered: offered * framed };
}

function payloadBytes(samples: readonly Sample[]): number {
  return samples.reduce(
    (sum, { receivedMbps, durationMs }) => sum + (receivedMbps * 1e6 * (durationMs / 1_000)) / 8,
    0,
  );
}

function expectWithin(counted: string | null, expected: number, share: number): void {
  expect(Number(counted)).toBeGreaterThan(expected * (1 - share));
  expect(Number(counted)).toBeLessThan(expected * (1 + share));
}

test('EGRESS by a meter counts what passed and what was dropped as both ends see it, and again from 0 after a change', async () => {
  const id = await limit('EGRESS');
  const before = await usageNow(id);
  expect(Number(before.bytes)).toBeLessThan(10_000);

  const { received, offered } = await flood(guest, peer);
  const after = await usageNow(id);

  console.log('EGRESS', { received, offered }, after);
  expectWithin(after.bytes, received, 0.03);
  expectWithin(after.droppedBytes, offered - received, 0.03);
  expectWithin(after.packets, received / datagramBytes.frame, 0.03);
  expectWithin(after.droppedPackets, (offered - received) / datagramBytes.frame, 0.03);
  expect(after.since).toBe(before.since);

  const changedAt = Date.now();
  await system.request(UpdateQosRuleDocument, { input: { id, maxKbps: 12_000 } });
  const anew = await usageNow(id);
  expect(Number(anew.bytes)).toBeLessThan(10_000);
  expect(Number(anew.droppedBytes)).toBe(0);
  expect(Math.abs(Date.parse(anew.since ?? '') - changedAt)).toBeLessThan(1_000);
});

test('INGRESS by a queue counts what passed, through a change too, and does not claim to know what was dropped', async () => {
  const id = await limit('INGRESS');
  const before = await usageNow(id);

  const { received } = await flood(peer, guest);
  const after = await usageNow(id);

  console.log('INGRESS', { received }, after);
  expectWithin(after.bytes, received, 0.03);
  expect(after).toMatchObject({ droppedBytes: null, droppedPackets: null, since: before.since });

  await system.request(UpdateQosRuleDocument, { input: { id, maxKbps: 12_000 } });
  const changed = await usageNow(id);
  expect(Number(changed.bytes)).toBeGreaterThanOrEqual(Number(after.bytes));
  expect(changed.since).toBe(before.since);

  await agent.stop();
  agent = await system.startAgent({ host, ovs });
  const found = await usageNow(id);
  expect(Number(found.bytes)).toBeGreaterThanOrEqual(Number(after.bytes));
  expect(found.since).toBe(before.since);
});

test('a restart of the switch begins a meter’s counting anew, and says so', async () => {
  const id = await limit('EGRESS', peer);
  await usageNow(id);
  await flood(peer, guest);
  expect(Number((await usageNow(id)).bytes)).toBeGreaterThan(1e6);

  const killedAt = Date.now();
  await ovs.killVswitchd();
  await ovs.startVswitchd();

  const anew = await eventually(async () => {
    const usage = await usageNow(id);
    expect(Number(usage.bytes)).toBeLessThan(10_000);
    return usage;
  });
  expect(Date.parse(anew.since ?? '')).toBeGreaterThan(killedAt - 500);
});

test('a limit that passes nothing keeps its counts and is looked at as often as one that does; one that is gone stays as it was last seen', async () => {
  const add = () => ovs.addPort({ bridge: 'br0' });
  const [busy, quiet, lost] = await Promise.all([add(), add(), add()]);
  const limits = [await limit('EGRESS', busy), await limit('EGRESS', quiet)] as const;
  const lostId = await limit('INGRESS', lost);
  const [before] = await Promise.all([usageNow(limits[0]), usageNow(lostId)]);

  const send = `for i in {1..5}; do echo > /dev/udp/${peer.address}/9; done || true`;
  await runIn(busy.netns, 'bash', ['-c', send]);
  await eventually(async () => {
    const moved = await usageNow(limits[0]);
    expect(Number(moved.packets)).toBeGreaterThanOrEqual(Number(before.packets) + 5);
    expect(moved.since).toBe(before.since);
  });

  await eventually(async () => {
    const first = await usageNow(limits[1]);
    const { at, ...counts } = await usageNow(limits[1]);
    expect(counts).toMatchObject({ packets: first.packets, since: first.since });
    expect(Date.parse(at)).toBeGreaterThan(Date.parse(first.at));
    // It was said in a word: what was written is of an earlier sample.
    expect(Date.parse(await writtenAt(limits[1]))).toBeLessThan(Date.parse(at));
  });

  await ovs.vsctl('del-port', 'br0', lost.interfaceName);
  await eventually(async () => {
    const seen = await usageOf(lostId);
    await usageNow(limits[0]);
    expect(await usageOf(lostId)).toEqual(seen);
  });
});

async function writtenAt(ruleId: string): Promise<string> {
  const statement = 'select at from qos_usage where rule_id = $1';
  const [row] = await query(lab.database.url, statement, [ruleId]);
  return row!.at.toISOString();
}
