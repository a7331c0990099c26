import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  BindPortDocument,
  CreateQosRuleDocument,
  type Direction,
  QosRuleDocument,
} from '../../schema/generated/graphql.ts';
import { run } from '../../scripts/lab/command.ts';
import { eventually } from '../support/eventually.ts';
import { startSwitch, type TestSwitch } from '../support/ovs.ts';
import { createDatabase, type TestDatabase } from '../support/postgres.ts';
import { startProxy, type TcpProxy } from '../support/proxy.ts';
import { leftovers, nothingLeft, readSwitch } from '../support/readSwitch.ts';
import { type System, startSystem } from '../support/system.ts';

let database: TestDatabase;
let system: System;
let source: TestSwitch;
let destination: TestSwitch;
/** Between the destination's agent and the server. */
let proxy: TcpProxy;

beforeAll(async () => {
  [database, source, destination] = await Promise.all([
    createDatabase(),
    startSwitch(),
    startSwitch(),
  ]);
  system = await startSystem(database.url);
  proxy = await startProxy(system.port);
  for (const [host, ovs] of [
    ['source', source],
    ['destination', destination],
  ] as const) {
    await ovs.addBridge('br0');
    const port = host === 'destination' ? proxy.port : system.port;
    await system.startAgent({ host, ovs, port });
  }
});
afterAll(async () => {
  await system?.[Symbol.asyncDispose]();
  await proxy?.[Symbol.asyncDispose]();
  await Promise.all([source?.stop(), destination?.stop()]);
  await database?.dispose();
});

const soon = { timeoutMs: 15_000 };

async function limit(portId: string, maxKbps: number, direction: Direction = 'EGRESS') {
  const { createQosRule } = await system.request(CreateQosRuleDocument, {
    input: { tenantId: 't', portId, direction, maxKbps },
  });
  const { id } = createQosRule.qosRule;
  return {
    bindings: async () => {
      const { qosRule } = await system.request(QosRuleDocument, { id });
      return qosRule?.bindings.map(({ host, status }) => [host, status]);
    },
  };
}

test('a port bound to its destination is limited there from the moment it is plugged, also with the server away', async () => {
  const guest = await source.addPort({ bridge: 'br0' });
  const { portId } = guest;
  const { bindings } = await limit(portId, 9_000);
  await system.request(BindPortDocument, { input: { portId, host: 'destination' } });
  await eventually(
    async () =>
      expect(await bindings()).toEqual([
        ['destination', 'WAITING_FOR_PORT'],
        ['source', 'APPLIED'],
      ]),
    soon,
  );

  proxy.close();
  await destination.addPort({ bridge: 'br0', portId });
  await eventually(
    async () => expect((await readSwitch(destination, 'br0')).get(portId)?.egressKbps).toBe(9_000),
    soon,
  );
  expect((await readSwitch(source, 'br0')).get(portId)?.egressKbps).toBe(9_000);
  proxy.open();

  await source.unplug(guest);
  await eventually(async () => expect(await leftovers(source, 'br0')).toEqual(nothingLeft), soon);
  await eventually(
    async () => expect(await bindings()).toEqual([['destination', 'APPLIED']]),
    soon,
  );
});

test('the limit waits for the guest: both directions are APPLIED at the destination before its link is up', async () => {
  const guest = await destination.addPort({ bridge: 'br0' });
  const { portId } = guest;
  await destination.unplug(guest);
  await run('ip', ['-n', guest.netns, 'link', 'set', 'eth0', 'down']);
  const rules = [await limit(portId, 7_000), await limit(portId, 6_000, 'INGRESS')];
  await system.request(BindPortDocument, { input: { portId, host: 'destination' } });

  await destination.plug(guest);

  for (const { bindings } of rules) {
    await eventually(
      async () => expect(await bindings()).toEqual([['destination', 'APPLIED']]),
      soon,
    );
  }
  const link = await destination.vsctl('get', 'Interface', guest.interfaceName, 'link_state');
  expect(link.trim()).toBe('down');
  expect((await readSwitch(destination, 'br0')).get(portId)).toEqual({
    egressKbps: 7_000,
    ingressKbps: 6_000,
  });
  await destination.unplug(guest);
  await eventually(
    async () => expect(await leftovers(destination, 'br0')).toMatchObject({ queues: 0 }),
    soon,
  );
});

test('a port plugged on a second host is limited on both; when it leaves the first, that is settled and clean', async () => {
  const guest = await source.addPort({ bridge: 'br0' });
  const { portId } = guest;
  const { bindings: statuses } = await limit(portId, 8_000);
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
