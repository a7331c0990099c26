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
    report: async (counted: Partial<UsageInput>) =>
      (
        await reportUsage(services, agentActor(host), {
          host,
          usage: [{ ...place, packets: '0', ...counted }],
        })
      ).accepted,
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

  const { accepted } = await reportUsage(services, agentActor(here.host), {
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

/** Some limits of one host's, of which only some move; and what the host says of them. */
async function host(count: number, { services } = running) {
  const name = `host-${portId()}`;
  const places: UsagePlace[] = [];
  for (let index = 0; index < count; index += 1) {
    const [port, direction] = [portId(), 'EGRESS' as const];
    await bindPort(services, admin, { portId: port, host: name });
    const rule = { portId: port, tenantId: 't1', direction, maxKbps: 1_000 };
    const { id } = await createQosRule(services, admin, rule);
    places.push({ portId: port, direction, ruleId: id });
  }
  return {
    places,
    report: (moved: readonly UsageInput[], unmovedSince: Date | null = null) =>
      reportUsage(services, agentActor(name), { host: name, usage: moved, unmovedSince }),
    read: () =>
      usageOfBindings(
        services,
        admin,
        places.map((place) => ({ ...place, host: name })),
      ),
  };
}

type UsagePlace = Pick<UsageInput, 'portId' | 'direction' | 'ruleId'>;

const counted = (places: readonly UsagePlace[], packets: string): UsageInput[] =>
  places.map((place) => ({ ...place, packets }));

/** The database's clock has moved on. */
async function later(): Promise<void> {
  await query(running.services.emFor(admin), sql`select pg_sleep(0.002)`);
}

test('what has not moved since the last whole sample keeps its counts, and is as new as the last word of it', async () => {
  const { places, report, read } = await host(3);
  const [first] = places;
  const { since } = await report(counted(places, '1'));
  const whole = await read();

  await later();
  expect(await report(counted([first!], '2'), since)).toEqual({ accepted: 1, since });
  const moved = await read();
  expect(moved.map((usage) => usage?.packets)).toEqual(['2', '1', '1']);
  expect(new Set(moved.map((usage) => Number(usage?.at))).size).toBe(1);
  expect(Number(moved[1]?.at)).toBeGreaterThan(Number(whole[1]?.at));

  await later();
  expect(await report([], since)).toEqual({ accepted: 0, since });
  const still = await read();
  expect(still.map((usage) => usage?.packets)).toEqual(['2', '1', '1']);
  for (const usage of still) expect(Number(usage?.at)).toBeGreaterThan(Number(moved[0]?.at));
});

test('what the next whole sample has no more stays as it was last seen, whatever is said of the others', async () => {
  const { places, report, read } = await host(2);
  const [, gone] = places;
  const { since } = await report(counted(places, '1'));
  await later();
  await report([], since);
  const [, lastSeen] = await read();

  await later();
  const next = await report(
    counted(
      places.filter((place) => place !== gone),
      '1',
    ),
  );
  await report([], next.since);

  const [there, lost] = await read();
  expect(lost).toEqual(lastSeen);
  expect(Number(there?.at)).toBeGreaterThan(Number(lost?.at));
});

test('a sample in pieces belongs together; one that was cut off leaves the rest as it was', async () => {
  const { places, report, read } = await host(2);
  const [first, second] = places;
  await report(counted(places, '1'));
  const before = await read();
  await later();

  const { since } = await report(counted([first!], '2'));
  expect((await read())[1]).toEqual(before[1]);
  await report(counted([second!], '2'), since);
  await later();
  await report([], since);

  const after = await read();
  expect(after.map((usage) => usage?.packets)).toEqual(['2', '2']);
  expect(after[0]?.at).toEqual(after[1]?.at);
});

test('a report that names another sample than the last is not recorded, and is told so', async () => {
  const { places, report, read } = await host(1);
  const { since: earlier } = await report(counted(places, '1'));
  const { since } = await report(counted(places, '2'));
  expect(Number(since)).toBeGreaterThan(Number(earlier));
  const before = await read();
  await later();

  const never = new Date('0000-01-01T00:00:00Z');
  for (const named of [earlier, never, new Date(Number(since) + 1)]) {
    expect(await report(counted(places, '1'), named)).toEqual({ accepted: 0, since: null });
    expect(await report([], named)).toEqual({ accepted: 0, since: null });
  }

  expect(await read()).toEqual(before);
});

test('samples that begin together, of which each is whole, are told apart', async () => {
  const { places, report } = await host(1);
  const given = await Promise.all(Array.from({ length: 10 }, () => report(counted(places, '1'))));
  const last = Math.max(...given.map(({ since }) => Number(since)));
  expect(new Set(given.map(({ since }) => Number(since))).size).toBe(10);
  expect(await report([], new Date(last))).toMatchObject({ since: new Date(last) });
});

test('two servers are one: what one was told, the other knows', async () => {
  const { services, url } = running;
  await using other = await connectServices(url);
  const { places, report, read } = await host(1);
  const { since } = await report(counted(places, '1'));
  const [before] = await read();
  await later();

  const [{ portId: port }] = places as [UsagePlace];
  const rows = await query(
    services.emFor(admin),
    sql<{ host: string }>`select host from port_bindings where port_id = ${port}`,
  );
  const name = rows[0]!.host;
  const answer = await reportUsage(other.services, agentActor(name), {
    ...{ host: name, usage: [], unmovedSince: since },
  });

  expect(answer.since).toEqual(since);
  expect(Number((await read())[0]?.at)).toBeGreaterThan(Number(before?.at));
});

test('counts that fell while nobody knows since when began after the last look, not after the last move', async () => {
  const { places, report, read } = await host(1);
  const { since } = await report([{ ...places[0]!, packets: '5', countedMs: '60000' }]);
  await later();
  await report([], since);
  const [looked] = await read();
  await later();

  await report(counted(places, '3'));

  expect((await read())[0]?.since).toEqual(looked?.at);
});

test('a report moves no feed', async () => {
  const rule = await boundRule();
  const qos = () => agentOf(running.services, rule.host).qos();
  const before = await qos();

  const { host, place } = rule;
  const usage = [{ ...place, packets: '10' }];
  const { since } = await reportUsage(running.services, agentActor(host), { host, usage });
  for (const moved of [usage, []]) {
    const said = { host, usage: moved, unmovedSince: since };
    await reportUsage(running.services, agentActor(host), said);
  }

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

test('the migrations go back and forth', async () => {
  await using own = await startServices();
  const [counts, unmoved] = [
    'Migration20261122000006_usage',
    'Migration20261122000053_usage_unmoved',
  ];
  const backTo = async (name: string) => {
    for (let back: string[] = []; !back.includes(name); back = await migrateDown(own.url));
  };
  const em = own.services.emFor(admin);
  const tables = () =>
    query(
      em,
      sql`select to_regclass('qos_usage')::text as usage, to_regclass('usage_samples')::text as samples`,
    );
  await backTo(unmoved);
  expect(await tables()).toEqual([{ usage: 'qos_usage', samples: null }]);
  await backTo(counts);
  expect(await tables()).toEqual([{ usage: null, samples: null }]);

  expect(await migrateUp(own.url)).toEqual(expect.arrayContaining([counts, unmoved]));

  await using again = await connectServices(own.url);
  const rule = await boundRule(again);
  await rule.report({ packets: '10' });
  expect(await rule.read()).toMatchObject({ packets: '10' });
});
