import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Usage } from '../../agent/drivers/driver.ts';
import { UsageReporter } from '../../agent/usage.ts';
import { connectUsers, silent } from '../support/agentConnection.ts';
import { eventually } from '../support/eventually.ts';
import { FeedServer } from '../support/feedServer.ts';

let server: FeedServer;
let counted: readonly Usage[] | Error;
let reporter: UsageReporter;
let reads: number;
let read: () => Promise<readonly Usage[]>;
const all = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => usage(from + index));
beforeEach(async () => {
  server = await FeedServer.start();
  counted = [];
  reads = 0;
  read = async () => {
    reads += 1;
    if (counted instanceof Error) throw counted;
    return counted;
  };
  reporter = new UsageReporter({ host: 'host-1', read: () => read(), log: silent });
});
afterEach(() => server.stop());

function usage(number: number): Usage {
  return {
    portId: `00000000-0000-0000-0000-${String(number).padStart(12, '0')}`,
    direction: 'EGRESS',
    ruleId: '99999999-0000-0000-0000-000000000001',
    bytes: 2n ** 60n,
    packets: 7n,
    droppedBytes: null,
    droppedPackets: 0n,
    beganMs: performance.now() - 1_234.56,
  };
}

test('A sample is sent when it is due, its counts as digits', async () => {
  counted = [usage(1)];
  await using _ = connectUsers(server, [reporter]);

  reporter.sample();

  await eventually(() => expect(server.usageReports).toHaveLength(1));
  expect(Number(server.usageReports[0]?.usage[0]?.countedMs)).toBeGreaterThanOrEqual(1_234);
  expect(server.usageReports[0]).toEqual({
    host: 'host-1',
    unmovedSince: null,
    usage: [
      {
        portId: usage(1).portId,
        direction: 'EGRESS',
        ruleId: usage(1).ruleId,
        bytes: '1152921504606846976',
        packets: '7',
        droppedBytes: null,
        droppedPackets: '0',
        countedMs: expect.stringMatching(/^\d+$/),
      },
    ],
  });
});

test('A host with many limits sends reports of at most 500, of which all but the first name it', async () => {
  counted = all(1, 1_001);
  await using _ = connectUsers(server, [reporter]);

  reporter.sample();

  await eventually(() => expect(server.usageReports).toHaveLength(3));
  expect(server.usageReports.map((report) => report.usage.length)).toEqual([500, 500, 1]);
  const since = server.usageSince;
  expect(server.usageReports.map((report) => report.unmovedSince)).toEqual([null, since, since]);
});

/** Of each report of a sample: how many entries it had, and whether it went on from what the server knew. */
type Reports = (readonly [entries: number, goesOn: boolean])[];

/** What samples that follow one another are reported with. */
async function reportsOf(...samples: readonly (() => readonly Usage[])[]): Promise<Reports[]> {
  await using _ = connectUsers(server, [reporter]);
  const begun: number[] = [];
  read = async () => {
    // The one before has been reported.
    begun.push(server.usageReports.length);
    const sample = samples[begun.length - 1];
    if (!sample) throw new Error('There is no further sample.');
    return sample();
  };
  for (let taken = 1; taken <= samples.length + 1; taken += 1) {
    reporter.sample();
    await eventually(() => expect(begun).toHaveLength(taken));
  }
  return samples.map((_sample, index) =>
    server.usageReports
      .slice(begun[index], begun[index + 1])
      .map(({ usage, unmovedSince }) => [usage.length, unmovedSince !== null]),
  );
}

test('From then on only what moved is sent, and nothing but a word where nothing did', async () => {
  const limits = all(1, 3);
  const moved = [limits[0]!, usage(2), limits[2]!];
  expect(
    await reportsOf(
      () => limits,
      () => moved,
      () => moved,
      () => [...moved, usage(4)],
    ),
  ).toEqual([[[3, false]], [[1, true]], [[0, true]], [[1, true]]]);
});

test('All is sent again where a limit can be read no more, and where more moved than one report carries', async () => {
  const limits = all(1, 501);
  const fewer = limits.slice(1);
  const other = [...fewer.slice(1), usage(600)];
  expect(
    await reportsOf(
      () => limits,
      () => fewer,
      () => other,
      () => all(1, 501),
      () => [],
      () => limits.slice(0, 1),
    ),
  ).toEqual([
    [
      [500, false],
      [1, true],
    ],
    [[500, false]],
    [[500, false]],
    [
      [500, false],
      [1, true],
    ],
    [],
    [[1, false]],
  ]);
});

test('All is sent again where the server did not take all, knows another sample, or may not have heard', async () => {
  const limits = all(1, 2);
  const notTaken = (count: number) => () => {
    server.usageNotAccepted = count;
    return [...limits];
  };
  const restored = () => {
    server.usageSince = null;
    return limits;
  };
  const failing = (code: string | null) => () => {
    server.failWith = code;
    return limits;
  };
  expect(
    await reportsOf(
      notTaken(1),
      notTaken(0),
      () => limits,
      restored,
      () => limits,
      failing('UNAVAILABLE'),
      failing(null),
      () => limits,
    ),
  ).toEqual([
    [[2, false]],
    [[2, false]],
    [[0, true]],
    [
      [0, true],
      [2, false],
    ],
    [[0, true]],
    [[0, true]],
    [[2, false]],
    [[0, true]],
  ]);
});

test('What the server knows outlives a session that ended well', async () => {
  const limits = all(1, 2);
  expect(await reportsOf(() => limits)).toEqual([[[2, false]]]);
  expect(await reportsOf(() => limits)).toEqual([[[0, true]]]);
});

test('Where nothing counts, nothing is sent', async () => {
  await using _ = connectUsers(server, [reporter]);
  reporter.sample();
  await eventually(() => expect(reads).toBe(1));

  counted = [usage(1)];
  reporter.sample();

  await eventually(() => expect(server.usageReports).toHaveLength(1));
});

test('What could not be read or sent is not sent again: the next sample says more', async () => {
  await using _ = connectUsers(server, [reporter]);
  counted = new Error('The switch is away.');
  reporter.sample();
  await eventually(() => expect(reads).toBe(1));
  counted = [usage(1)];
  server.failWith = 'UNAVAILABLE';
  reporter.sample();
  await eventually(() => expect(server.usageReports).toHaveLength(1));

  server.failWith = null;
  counted = [usage(2)];
  reporter.sample();

  await eventually(() => expect(server.usageReports).toHaveLength(2));
  expect(server.usageReports[1]?.usage[0]?.portId).toBe(usage(2).portId);
});
