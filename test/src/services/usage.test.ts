import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrateDown, migrateUp } from '../../../src/db/migrate.ts';
import { query } from '../../../src/db/query.ts';
import { bindPort } from '../../../src/services/ports.ts';
import { createQosRule, updateQosRule } from '../../../src/services/qosRules.ts';
import { reportUsage, type UsageInput } from '../../../src/services/reportUsage.ts';
import { usageOfBindings } from '../../../src/services/usage.ts';
import { holdLock } from '../../support/holdLock.ts';
import {
  admin,
  agentOf,
  connectServices,
  portId,
  startServices,
  type TestServices,
} from '../../support/services.ts';

let running: TestServices;
beforeAll(async () => {
  running = await startServices();
});
afterAll(() => running[Symbol.asyncDispose]());

/** A rule of a port that is bound to a host of its own. */
async function boundRule({ services } = running) {
  const [port, host] = [portId(), `host-${portId()}`];
  await bindPort(services, admin, { portId: port, host });
  const direction = 'EGRESS' as const;
  const rule = { portId: port, tenantId: 't1', direction, maxKbps: 1_000 };
  const { id } = await createQosRule(services, admin, rule);
  const place = { portId: port, direction, ruleId: id };
  return {
    host,
    place,
    report: (counted: Partial<UsageInput>) =>
      reportUsage(services, agentActor(host), {
        host,
        usage: [{ ...place, packets: '0', ...counted }],
      }),
    read: async (ruleId = id) =>
      (await usageOfBindings(services, admin, [{ ...place, host, ruleId }]))[0] ?? null,
  };
}

const agentActor = (host: string) => ({ role: 'agent', subject: `test-${host}`, host }) as const;
const beganMsAgo = (usage: { since: Date | null; at: Date } | null) =>
  Number(usage?.at) - Number(usage?.since);

test('a report takes the place of the one before, and is read for its own rule only', async () => {
  const rule = await boundRule();
  expect(await rule.read()).toBeNull();

  expect(await rule.report({ bytes: '1500', packets: '1', droppedBytes: '0' })).toBe(1);
  await rule.report({ bytes: '9007199254740993', packets: '2', droppedBytes: '7' });

  expect(await rule.read()).toEqual({
    bytes: '9007199254740993',
    packets: '2',
    droppedBytes: '7',
    droppedPackets: null,
    since: null,
    at: expect.any(Date),
  });
  expect(await rule.read(portId())).toBeNull();
});

test('counts for a port that is not bound to the host change nothing', async () => {
  const { services } = running;
  const [here, there] = [await boundRule(), await boundRule()];

  const accepted = await reportUsage(services, agentActor(here.host), {
    host: here.host,
    usage: [
      { ...there.place, packets: '5' },
      { ...here.place, packets: '6' },
    ],
  });

  expect(accepted).toBe(1);
  expect(await there.read()).toBeNull();
  expect(await here.read()).toMatchObject({ packets: '6' });
});

test('the beginning of the counting stays while it is the same, and moves when counting begins again', async () => {
  const rule = await boundRule();
  await rule.report({ packets: '10', countedMs: '60000' });
  expect(beganMsAgo(await rule.read())).toBe(60_000);
  const { since: first } = (await rule.read())!;

  await rule.report({ packets: '20', countedMs: '60010' });
  expect((await rule.read())?.since).toEqual(first);

  await rule.report({ packets: '1', countedMs: '5000' });
  expect(beganMsAgo(await rule.read())).toBe(5_000);
});

test('an agent that was started anew keeps the recorded beginning, unless the counts have fallen', async () => {
  const rule = await boundRule();
  await rule.report({ packets: '10', countedMs: '60000' });
  const first = await rule.read();

  await rule.report({ packets: '20' });
  const second = await rule.read();
  expect(second?.since).toEqual(first?.since);

  await rule.report({ packets: '3' });
  expect((await rule.read())?.since).toEqual(second?.at);
});

test('a report moves no feed', async () => {
  const rule = await boundRule();
  const qos = () => agentOf(running.services, rule.host).qos();
  const before = await qos();

  await rule.report({ packets: '10' });

  expect((await qos()).to).toEqual(before.to);
});

test('a report and a change of the rule do not wait for each other', async () => {
  const { services, url } = running;
  const rule = await boundRule();
  const change = await holdLock(url, 'select * from sluice_touch_ports($1::uuid[])', [
    [rule.place.portId],
  ]);
  await rule.report({ packets: '10' });
  await change.release();

  const report = await holdLock(
    url,
    'update qos_usage set packets = 11 where port_id = $1 returning 1',
    [rule.place.portId],
  );
  await updateQosRule(services, admin, { id: rule.place.ruleId, maxKbps: 2_000 });
  await report.release();
  expect(await rule.read()).toMatchObject({ packets: '10' });
});

test('counts go with their binding', async () => {
  const rule = await boundRule();
  await rule.report({ packets: '10' });
  const em = running.services.emFor(admin);

  await query(em, sql`delete from port_bindings where port_id = ${rule.place.portId}`);

  expect(await rule.read()).toBeNull();
});

test('the migration goes back and forth', async () => {
  await using own = await startServices();
  const name = 'Migration20261122000006_usage';
  let back: string[] = [];
  while (!back.includes(name)) back = await migrateDown(own.url);
  const em = own.services.emFor(admin);
  const table = () => query(em, sql<{ is: string | null }>`select to_regclass('qos_usage') as is`);
  expect(await table()).toEqual([{ is: null }]);

  expect(await migrateUp(own.url)).toContain(name);

  await using again = await connectServices(own.url);
  const rule = await boundRule(again);
  await rule.report({ packets: '10' });
  expect(await rule.read()).toMatchObject({ packets: '10' });
});
