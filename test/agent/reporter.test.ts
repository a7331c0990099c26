import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DirectionResult } from '../../agent/drivers/driver.ts';
import { Reporter } from '../../agent/reporter.ts';
import { connectUsers, quickPatience, silent } from '../support/agentConnection.ts';
import { eventually } from '../support/eventually.ts';
import { FeedServer } from '../support/feedServer.ts';

let server: FeedServer;
beforeEach(async () => {
  server = await FeedServer.start();
});
afterEach(() => server.stop());

const makeReporter = () => new Reporter({ host: 'host-1', log: silent, patience: quickPatience });
const ids = (count: number) =>
  Array.from({ length: count }, (_, i) => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`);
const at = (cursor: string, portIds: string[]) => ({
  cursor,
  adminStateUp: true,
  ports: new Map(portIds.map((portId) => [portId, { portId, egress: null, ingress: null }])),
});
const applied = (portId: string, ruleVersion = 1): DirectionResult => ({
  portId,
  direction: 'EGRESS',
  ruleId: portId,
  ruleVersion,
  status: 'APPLIED',
  message: null,
  programmed: { mechanism: 'noop' },
});

test('Results that settled while the server was away are sent when it is there, the newest of each only', async () => {
  const reporter = makeReporter();
  const [a = '', b = ''] = ids(2);
  reporter.settled(at('c1', [a, b]), [applied(a), applied(b)]);
  reporter.settled(at('c2', [a, b]), [applied(a, 2), applied(b)]);

  await using _ = connectUsers(server, [reporter]);

  await eventually(() => expect(reporter.confirmed).toBe('c2'));
  expect(server.qosReports).toEqual([
    {
      host: 'host-1',
      to: 'c2',
      complete: true,
      starts: true,
      results: [applied(a, 2), applied(b)],
    },
  ]);
});

test('More than 500 results go in several reports, of which the last alone is complete', async () => {
  const reporter = makeReporter();
  const many = ids(1200);
  await using _ = connectUsers(server, [reporter]);

  reporter.settled(
    at('c1', many),
    many.map((id) => applied(id)),
  );

  await eventually(() => expect(reporter.confirmed).toBe('c1'));
  expect(server.qosReports.map(({ results, complete }) => [results.length, complete])).toEqual([
    [500, false],
    [500, false],
    [200, true],
  ]);
});

test.each(['UNAVAILABLE', 'FORBIDDEN', 'BAD_USER_INPUT'])(
  'A report that fails with %s comes again until it is taken',
  async (code) => {
    const reporter = makeReporter();
    const [a = ''] = ids(1);
    server.failWith = code;
    await using _ = connectUsers(server, [reporter]);
    reporter.settled(at('c1', [a]), [applied(a)]);
    await eventually(() => expect(server.qosReports.length).toBeGreaterThan(2));
    expect(reporter.confirmed).toBeNull();

    server.failWith = null;

    await eventually(() => expect(reporter.confirmed).toBe('c1'));
  },
);

test('A report whose answer was cut off comes again on the next session; what was confirmed does not', async () => {
  const reporter = makeReporter();
  const [a = '', b = ''] = ids(2);
  await using _ = connectUsers(server, [reporter]);
  const first = at('c1', [a, b]);
  reporter.settled(first, [applied(a)]);
  await eventually(() => expect(reporter.confirmed).toBe('c1'));
  server.stall();
  reporter.settled(first, [applied(a), applied(b)]);

  server.cut();

  await eventually(() => expect(server.qosReports).toHaveLength(2));
  expect(server.qosReports.at(-1)).toMatchObject({ to: 'c1', results: [{ portId: b }] });
});
