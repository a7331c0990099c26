import { afterAll, beforeAll, expect, test } from 'vitest';
import { CreateQosRuleDocument, DeleteQosRuleDocument } from '../../schema/generated/graphql.ts';
import { eventually } from '../support/eventually.ts';
import { type Guest, startSwitch, type TestSwitch } from '../support/ovs.ts';
import { createDatabase, type TestDatabase } from '../support/postgres.ts';
import type { Program } from '../support/program.ts';
import { type System, startSystem } from '../support/system.ts';

let database: TestDatabase;
let ovs: TestSwitch;
let system: System;
let agent: Program;
let guest: Guest;

beforeAll(async () => {
  [database, ovs] = await Promise.all([createDatabase(), startSwitch()]);
  await ovs.addBridge('br0');
  guest = await ovs.addPort({ bridge: 'br0' });
  system = await startSystem(database.url);
  agent = await system.startAgent({
    host: 'host-e',
    ovs,
    settings: { SLUICE_METRICS_LISTEN: '127.0.0.1:0' },
  });
});
afterAll(async () => {
  await system?.[Symbol.asyncDispose]();
  await ovs?.stop();
  await database?.dispose();
});

/** The agent's samples whose name begins so. */
async function samples(name: string): Promise<string[]> {
  const line = agent.log.split('\n').find((text) => text.includes('Serving metrics.'));
  const { port } = JSON.parse(line ?? '') as { port: number };
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return text.split('\n').filter((sample) => sample.startsWith(`sluice_agent_${name}`));
}

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
  await eventually(async () => expect(await samples('limit_')).toEqual(held), {
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
  await eventually(async () => expect(await samples('limit_')).toEqual(held));
  expect(await samples('drift_repairs_total')).toEqual([]);

  await ovs.vsctl('clear', 'Port', guest.interfaceName, 'qos');

  await eventually(async () =>
    expect(await samples('drift_repairs_total')).toEqual([
      'sluice_agent_drift_repairs_total{mechanism="linux_htb"} 1',
    ]),
  );
  await eventually(async () => expect(await samples('limit_')).toEqual(held));

  await system.request(DeleteQosRuleDocument, { input: { id: createQosRule.qosRule.id } });
  await eventually(async () => expect(await samples('limit_')).toEqual([]));
});
