import { afterEach, beforeEach, expect, test } from 'vitest';
import { Heartbeat } from '../../agent/heartbeat.ts';
import { connectUsers, quickPatience, silent } from '../support/agentConnection.ts';
import { eventually } from '../support/eventually.ts';
import { FeedServer } from '../support/feedServer.ts';

let server: FeedServer;
let told: string[];
beforeEach(async () => {
  told = [];
  server = await FeedServer.start();
});
afterEach(() => server.stop());

function makeHeartbeat(configurations: () => Record<string, unknown> = () => ({})): Heartbeat {
  return new Heartbeat({
    host: 'host-1',
    version: '1.2.3',
    configurations,
    confirmed: () => 'c5',
    told: (desired) => told.push(desired),
    log: silent,
    patience: quickPatience,
  });
}

test('The first heartbeat says that the agent started; those of later connections do not', async () => {
  await using _ = connectUsers(server, [makeHeartbeat()]);
  await eventually(() => expect(server.heartbeats).toHaveLength(1));

  server.cut();

  await eventually(() => expect(server.heartbeats).toHaveLength(2));
  expect(server.heartbeats.map(({ startFlag }) => startFlag)).toEqual([true, false]);
  expect(server.heartbeats[0]).toEqual({
    host: 'host-1',
    binary: 'sluice-agent',
    agentType: 'Open vSwitch agent',
    version: '1.2.3',
    configurations: {},
    startFlag: true,
    confirmed: 'c5',
  });
  await eventually(() => expect(told).toEqual(['c1', 'c1']));
});

test('Heartbeats follow in the rhythm that the server asks for', async () => {
  server.intervalMs = 50;
  const startedAt = performance.now();
  await using _ = connectUsers(server, [makeHeartbeat()]);

  await eventually(() => expect(server.heartbeats.length).toBeGreaterThanOrEqual(5));

  expect(performance.now() - startedAt).toBeGreaterThan(4 * 45);
});

test('A heartbeat that failed is repeated, still as the first', async () => {
  server.failWith = 'UNAVAILABLE';
  await using _ = connectUsers(server, [makeHeartbeat()]);
  await eventually(() => expect(server.heartbeats.length).toBeGreaterThan(2));

  server.failWith = null;

  const failed = server.heartbeats.length;
  await eventually(() => expect(server.heartbeats.length).toBeGreaterThan(failed - 1));
  expect(server.heartbeats.every(({ startFlag }) => startFlag)).toBe(true);
});

test('What the host can do is said as soon as it changes, and not when it does not', async () => {
  let capabilities: string | null = null;
  const heartbeat = makeHeartbeat(() => ({ capabilities }));
  await using _ = connectUsers(server, [heartbeat]);
  await eventually(() => expect(server.heartbeats).toHaveLength(1));
  heartbeat.look();
  capabilities = 'meters';

  heartbeat.look();

  await eventually(() => expect(server.heartbeats).toHaveLength(2));
  expect(server.heartbeats[1]?.configurations).toEqual({ capabilities: 'meters' });
});
