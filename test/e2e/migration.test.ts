import { afterAll, beforeAll, expect, test } from 'vitest';
import { CreateQosRuleDocument, QosRuleDocument } from '../../schema/generated/graphql.ts';
import { eventually } from '../support/eventually.ts';
import { startSwitch, type TestSwitch } from '../support/ovs.ts';
import { createDatabase, type TestDatabase } from '../support/postgres.ts';
import { leftovers, nothingLeft, readSwitch } from '../support/readSwitch.ts';
import { type System, startSystem } from '../support/system.ts';

let database: TestDatabase;
let system: System;
let source: TestSwitch;
let destination: TestSwitch;

beforeAll(async () => {
  [database, source, destination] = await Promise.all([
    createDatabase(),
    startSwitch(),
    startSwitch(),
  ]);
  system = await startSystem(database.url);
  for (const [host, ovs] of [
    ['source', source],
    ['destination', destination],
  ] as const) {
    await ovs.addBridge('br0');
    await system.startAgent({ host, ovs });
  }
});
afterAll(async () => {
  await system?.[Symbol.asyncDispose]();
  await Promise.all([source?.stop(), destination?.stop()]);
  await database?.dispose();
});

test('a port plugged on a second host is limited on both; when it leaves the first, that is settled and clean', async () => {
  const guest = await source.addPort({ bridge: 'br0' });
  const { portId } = guest;
  const { createQosRule } = await system.request(CreateQosRuleDocument, {
    input: { tenantId: 't', portId, direction: 'EGRESS', maxKbps: 8_000 },
  });
  const statuses = async () => {
    const { qosRule } = await system.request(QosRuleDocument, { id: createQosRule.qosRule.id });
    return qosRule?.bindings.map(({ host, status }) => [host, status]);
  };
  const soon = { timeoutMs: 10_000 };
  await eventually(async () => expect(await statuses()).toEqual([['source', 'APPLIED']]), soon);

  const arrived = await destination.addPort({ bridge: 'br0', portId });
  await eventually(
    async () =>
      expect(await statuses()).toEqual([
        ['destination', 'APPLIED'],
        ['source', 'APPLIED'],
      ]),
    soon,
  );
  expect((await readSwitch(source, 'br0')).get(portId)?.egressKbps).toBe(8_000);
  expect((await readSwitch(destination, 'br0')).get(arrived.portId)?.egressKbps).toBe(8_000);

  await source.unplug(guest);
  await eventually(
    async () => expect(await statuses()).toEqual([['destination', 'APPLIED']]),
    soon,
  );
  await eventually(async () => expect(await leftovers(source, 'br0')).toEqual(nothingLeft), soon);
});
