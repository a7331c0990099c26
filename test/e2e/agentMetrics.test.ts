import { afterAll, beforeAll, expect, test } from 'vitest';
import { CreateQosRuleDocument, DeleteQosRuleDocument } from '../../schema/generated/graphql.ts';
import { runIn } from '../../scripts/lab/command.ts';
import { eventually } from '../support/eventually.ts';
import { type HostLab, startHostLab } from '../support/hostLab.ts';
import { metricsOf } from '../support/metricText.ts';
import type { Guest, TestSwitch } from '../support/ovs.ts';
import type { Program } from '../support/program.ts';
import type { System } from '../support/system.ts';
import { documented, expressions, faultsOf, mentioned } from './metricNames.ts';

let lab: HostLab;
let ovs: TestSwitch;
let system: System;
let agent: Program;
let guest: Guest;

beforeAll(async () => {
  lab = await startHostLab();
  ({ ovs, system } = lab);
  guest = await ovs.addPort({ bridge: 'br0' });
  agent = await system.startAgent({
    host: 'host-e',
    ovs,
    settings: { SLUICE_METRICS_LISTEN: '127.0.0.1:0' },
  });
});
afterAll(() => lab?.[Symbol.asyncDispose]());

/** The agent's samples whose name begins so, each a pattern. */
async function samples(name: string): Promise<string[]> {
  const begins = new RegExp(`^sluice_agent_${name}`);
  return (await scrape()).split('\n').filter((sample) => begins.test(sample));
}

async function scrape(): Promise<string> {
  const line = agent.log.split('\n').find((text) => text.includes('Serving metrics.'));
  const { port } = JSON.parse(line ?? '') as { port: number };
  return (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
}

/** What is said of each limit, beside what it counted. */
const limits = 'limit_(asked|programmed|status)';

test('An iface-id that is no UUID is no port, and is counted', async () => {
  await eventually(async () => expect(await samples('ports')).toEqual(['sluice_agent_ports 1']), {
    timeoutMs: 15_000,
  });
  await ovs.vsctl(
    ...['add-port', 'br0', 'int1', '--', 'set', 'Interface', 'int1', 'type=internal'],
    'external_ids:iface-id=tap-of-mine',
  );
  await eventually(async () =>
    expect(await samples('ignored_interfaces')).toEqual(['sluice_agent_ignored_interfaces 1']),
  );
  expect(await samples('ports')).toEqual(['sluice_agent_ports 1']);
});

test('Metrics follow a limit from the rule to its end, and count what was repaired meanwhile', async () => {
  const labels = `port="${guest.portId}",direction="INGRESS"`;
  const { createQosRule } = await system.request(CreateQosRuleDocument, {
    input: { tenantId: 't', portId: guest.portId, direction: 'INGRESS', maxKbps: 10_000 },
  });
  const held = [
    `sluice_agent_limit_asked_bits_per_second{${labels}} 10000000`,
    `sluice_agent_limit_programmed_bits_per_second{${labels}} 10000000`,
    `sluice_agent_limit_status{${labels},status="APPLIED"} 1`,
  ];
  await eventually(async () => expect(await samples(limits)).toEqual(held), {
    timeoutMs: 15_000,
  });
  expect(await samples('drift_repairs_total')).toEqual([]);
  expect(await samples('feed_lag_seconds')).toEqual(['sluice_agent_feed_lag_seconds 0']);
  // A guest that is unplugged and plugged again is served, not repaired.
  await ovs.unplug(guest);
  await eventually(async () =>
    expect(await samples('limit_status')).toEqual([
      `sluice_agent_limit_status{${labels},status="WAITING_FOR_PORT"} 1`,
    ]),
  );
  await ovs.plug(guest);
  await eventually(async () => expect(await samples(limits)).toEqual(held));
  expect(await samples('drift_repairs_total')).toEqual([]);

  await ovs.vsctl('clear', 'Port', guest.interfaceName, 'qos');

  await eventually(async () =>
    expect(await samples('drift_repairs_total')).toEqual([
      'sluice_agent_drift_repairs_total{mechanism="linux_htb"} 1',
    ]),
  );
  await eventually(async () => expect(await samples(limits)).toEqual(held));

  await system.request(DeleteQosRuleDocument, { input: { id: createQosRule.qosRule.id } });
  await eventually(async () => expect(await samples(limits)).toEqual([]));
});

test('What the running server and agent export is what the docs, the alerts and the dashboard name, label for label', async () => {
  const { createQosRule } = await system.request(CreateQosRuleDocument, {
    input: { tenantId: 't', portId: guest.portId, maxKbps: 10_000, direction: 'EGRESS' },
  });
  const exported = await eventually(
    async () => {
      const ofServer = await fetch(`http://127.0.0.1:${system.port}/metrics`);
      const found = metricsOf(`${await ofServer.text()}\n${await scrape()}`);
      // All that a limit has, and all that a change leaves behind on the server.
      expect(found.get('sluice_agent_limit_dropped_packets_total')?.labels).not.toBeNull();
      expect(found.get('sluice_change_stage_seconds')?.labels).not.toBeNull();
      return found;
    },
    { timeoutMs: 15_000 },
  );
  await system.request(DeleteQosRuleDocument, { input: { id: createQosRule.qosRule.id } });

  const own = [...exported].filter(([name]) => name.startsWith('sluice_'));
  const told = documented();
  expect(own.map(([name]) => name).toSorted()).toEqual([...told.keys()].toSorted());
  for (const [name, { type, labels }] of own) {
    expect({ name, type, labels: labels ?? told.get(name)?.labels }).toEqual({
      ...{ name, ...told.get(name) },
    });
  }
  expect(expressions().length).toBeGreaterThan(30);
  expect(expressions().flatMap((each) => faultsOf(each, exported))).toEqual([]);
  const names = new Set(own.map(([name]) => name));
  const parts = (name: string) => [...names].some((known) => known.startsWith(name));
  expect(mentioned().filter(({ name }) => !parts(name))).toEqual([]);
});

test('What a limit let pass and dropped is counted from where it acts, as long as it holds', async () => {
  const limit = { tenantId: 't', portId: guest.portId, maxKbps: 10_000 };
  const rules = await Promise.all(
    (['EGRESS', 'INGRESS'] as const).map((direction) =>
      system.request(CreateQosRuleDocument, { input: { ...limit, direction } }),
    ),
  );
  const labels = (direction: string) => `{port="${guest.portId}",direction="${direction}"}`;
  const [egress, ingress] = [labels('EGRESS'), labels('INGRESS')];
  const named = async () => (await samples(counters)).map((line) => line.split(' ')[0]);
  // A queue of the userspace datapath tells no drops.
  await eventually(
    async () =>
      expect((await named()).toSorted()).toEqual(
        [
          ...['passed_bytes', 'passed_packets', 'dropped_bytes', 'dropped_packets'].map(
            (name) => `sluice_agent_limit_${name}_total${egress}`,
          ),
          `sluice_agent_limit_passed_bytes_total${ingress}`,
          `sluice_agent_limit_passed_packets_total${ingress}`,
        ].toSorted(),
      ),
    { timeoutMs: 15_000 },
  );

  await runIn(guest.netns, '/usr/bin/python3', ['-c', fiveDatagrams]);

  await eventually(async () => {
    const [sample = ''] = await samples(`limit_passed_packets_total.*EGRESS`);
    expect(Number(sample.split(' ')[1])).toBeGreaterThanOrEqual(5);
  });
  for (const { createQosRule } of rules) {
    await system.request(DeleteQosRuleDocument, { input: { id: createQosRule.qosRule.id } });
  }
  await eventually(async () => expect(await samples(counters)).toEqual([]));
});

test('A server that was killed and is back is a reconnect; every round was timed', async () => {
  expect(await samples('reconnects')).toEqual(['sluice_agent_reconnects_total 0']);
  await system.server.kill();
  await eventually(async () =>
    expect(await samples('feed_connected')).toEqual(['sluice_agent_feed_connected 0']),
  );
  await system.startServer();
  await eventually(
    async () =>
      expect([...(await samples('feed_connected')), ...(await samples('reconnects'))]).toEqual([
        'sluice_agent_feed_connected 1',
        'sluice_agent_reconnects_total 1',
      ]),
    { timeoutMs: 20_000 },
  );
  const [rounds = ''] = await samples('reconcile_seconds_count');
  expect(Number(rounds.split(' ')[1])).toBeGreaterThan(5);
  expect(await samples('reconcile_failures')).toEqual(['sluice_agent_reconcile_failures_total 0']);
});

const counters = 'limit_(passed|dropped)';
const fiveDatagrams = `
import socket
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sender.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
for _ in range(5): sender.sendto(b'x', ('10.77.255.255', 9))
`;
