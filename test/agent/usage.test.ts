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
beforeEach(async () => {
  server = await FeedServer.start();
  counted = [];
  reads = 0;
  const read = async () => {
    reads += 1;
    if (counted instanceof Error) throw counted;
    return counted;
  };
  reporter = new UsageReporter({ host: 'host-1', read, log: silent });
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
    countedMs: 1_234.56,
  };
}

test('A sample is sent when it is due, its counts as digits', async () => {
  counted = [usage(1)];
  await using _ = connectUsers(server, [reporter]);

  reporter.sample();

  await eventually(() => expect(server.usageReports).toHaveLength(1));
  expect(server.usageReports[0]).toEqual({
    host: 'host-1',
    usage: [
      {
        portId: usage(1).portId,
        direction: 'EGRESS',
        ruleId: usage(1).ruleId,
        bytes: '1152921504606846976',
        packets: '7',
        droppedBytes: null,
        droppedPackets: '0',
        countedMs: '1235',
      },
    ],
  });
});

test('A host with many limits sends reports of at most 500', async () => {
  counted = Array.from({ length: 1_001 }, (_, number) => usage(number));
  await using _ = connectUsers(server, [reporter]);

  reporter.sample();

  await eventually(() => expect(server.usageReports).toHaveLength(3));
  expect(server.usageReports.map((report) => report.usage.length)).toEqual([500, 500, 1]);
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
