import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Change, DesiredState } from '../../agent/desired.ts';
import { Feed } from '../../agent/feed.ts';
import { connectUsers, quickPatience, silent } from '../support/agentConnection.ts';
import { eventually } from '../support/eventually.ts';
import { FeedServer } from '../support/feedServer.ts';
import { limitOf } from '../support/limits.ts';

let server: FeedServer;
beforeEach(async () => {
  server = await FeedServer.start();
});
afterEach(() => server.stop());

const step = (from: string | null, to: string, portIds: string[], more = false): Change => ({
  from,
  to,
  more,
  adminStateUp: true,
  ports: portIds.map((portId) => ({ portId, egress: limit, ingress: null })),
});
const limit = limitOf({ ruleId: 'rule', maxKbps: 1000 });

function makeFeed(initial: DesiredState | null = null) {
  const steps: string[] = [];
  const feed = new Feed({
    host: 'host-1',
    initial,
    log: silent,
    patience: quickPatience,
    onStep: ({ cursor, ports }, whole) => {
      steps.push(`${whole ? 'all' : 'step'} ${cursor}: ${[...ports.keys()].join(' ')}`);
    },
  });
  return { feed, steps };
}
const at = (cursor: string): DesiredState => ({ cursor, adminStateUp: true, ports: new Map() });

test('A feed begins with nothing, goes on with steps, and resumes at its cursor after a cut', async () => {
  server.firstSteps = (since) => [since === null ? step(null, 'c1', ['a']) : step(since, 'c3', [])];
  const { feed, steps } = makeFeed();
  await using _ = connectUsers(server, [feed]);
  await eventually(() => expect(steps).toHaveLength(1));
  server.push(step('c1', 'c2', ['b']));
  await eventually(() => expect(steps).toHaveLength(2));

  server.cut();

  await eventually(() => expect(steps).toEqual(['all c1: a', 'step c2: a b', 'step c3: a b']));
  expect(server.opened).toEqual([
    { host: 'host-1', since: null },
    { host: 'host-1', since: 'c2' },
  ]);
});

test('An agent that starts with its last known state resumes there', async () => {
  const { feed } = makeFeed(at('c7'));
  await using _ = connectUsers(server, [feed]);

  await eventually(() => expect(server.opened).toEqual([{ host: 'host-1', since: 'c7' }]));
});

test('A step that does not fit is not applied: the feed is opened again at its own cursor', async () => {
  const { feed, steps } = makeFeed(at('c1'));
  await using _ = connectUsers(server, [feed]);
  await eventually(() => expect(server.feedCount).toBe(1));

  server.push(step('c5', 'c6', ['a']), step('c1', 'c2', ['b']));

  await eventually(() => expect(server.opened.map(({ since }) => since)).toEqual(['c1', 'c1']));
  expect(steps).toEqual([]);
  expect(server.socketCount).toBe(1);
  server.push(step('c1', 'c2', ['b']));
  await eventually(() => expect(steps).toEqual(['step c2: b']));
});

test('Pieces count only once the last has come, and not at all when the socket is cut before', async () => {
  const { feed, steps } = makeFeed(at('c1'));
  await using _ = connectUsers(server, [feed]);
  await eventually(() => expect(server.feedCount).toBe(1));
  server.push(step('c1', 'c2', ['a'], true), step('c1', 'c2', ['b'], true));
  await eventually(() => expect(server.queued).toBe(0));
  server.cut();
  await eventually(() => expect(server.opened).toHaveLength(2));
  expect(feed.desired?.cursor).toBe('c1');

  server.push(step('c1', 'c2', ['c'], true), step('c1', 'c2', ['d']));

  await eventually(() => expect(steps).toEqual(['step c2: c d']));
});

test('What follows a piece that does not fit is not taken for a step of its own', async () => {
  const { feed, steps } = makeFeed(at('c1'));
  await using _ = connectUsers(server, [feed]);
  await eventually(() => expect(server.feedCount).toBe(1));

  server.push(
    step('c1', 'c2', ['a'], true),
    step('c1', 'c9', ['b'], true),
    step('c1', 'c2', ['c']),
  );

  await eventually(() => expect(server.opened).toHaveLength(2));
  expect(steps).toEqual([]);
});

test('A server whose steps never fit is asked for everything', async () => {
  server.firstSteps = (since) => [since === null ? step(null, 'c9', ['a']) : step('c5', 'c6', [])];
  const { feed, steps } = makeFeed(at('c1'));
  await using _ = connectUsers(server, [feed]);

  await eventually(() => expect(steps).toEqual(['all c9: a']));

  expect(server.opened.map(({ since }) => since)).toEqual(['c1', 'c1', 'c1', null]);
});

test('A refused or failing subscription is opened again on the same socket', async () => {
  let failures = 0;
  server.firstSteps = () => {
    failures += 1;
    if (failures < 3) throw new Error('The database is away.');
    return [step(null, 'c1', ['a'])];
  };
  const { feed, steps } = makeFeed();
  await using _ = connectUsers(server, [feed]);

  await eventually(() => expect(steps).toEqual(['all c1: a']));
  expect(server.tokens).toHaveLength(1);
});

describe('A step that removes most of a host’s limits', () => {
  const many = Array.from({ length: 30 }, (_, index) => `p${index}`);
  const unlimited = (from: string, to: string, portIds: string[]): Change => ({
    ...step(from, to, portIds),
    ports: portIds.map((portId) => ({ portId, egress: null, ingress: null })),
  });

  test('is applied once the whole state says so too, with what came meanwhile', async () => {
    server.firstSteps = () => [step(null, 'c1', many)];
    const { feed, steps } = makeFeed();
    await using _ = connectUsers(server, [feed]);
    await eventually(() => expect(steps).toHaveLength(1));
    server.firstSteps = () => [step(null, 'c3', ['p0', 'new'])];

    server.push(unlimited('c1', 'c2', many.slice(1)));

    await eventually(() => expect(steps.at(-1)).toBe('all c3: p0 new'));
    expect(steps).toHaveLength(2);
    expect(server.opened.map(({ since }) => since)).toEqual([null, null]);
  });

  test('is dropped when the whole state knows nothing of it, and doubted again when it comes again', async () => {
    server.firstSteps = () => [step(null, 'c1', many)];
    const { feed, steps } = makeFeed();
    await using _ = connectUsers(server, [feed]);
    await eventually(() => expect(steps).toHaveLength(1));

    server.push(unlimited('c1', 'c2', many));
    await eventually(() => expect(steps).toHaveLength(2));
    server.push(unlimited('c1', 'c2', many));
    await eventually(() => expect(steps).toHaveLength(3));

    expect(feed.desired?.ports.size).toBe(30);
    expect(server.opened.map(({ since }) => since)).toEqual([null, null, null]);
  });

  test('is still doubted when the whole state is cut on its way', async () => {
    const { feed, steps } = makeFeed({ ...at('c1'), ports: mapOf(step(null, 'c1', many)) });
    server.firstSteps = (since) => (since === null ? [step(null, 'c2', [], true)] : []);
    await using _ = connectUsers(server, [feed]);
    await eventually(() => expect(server.feedCount).toBe(1));
    server.push(unlimited('c1', 'c2', many));
    await eventually(() => expect(server.opened).toHaveLength(2));

    server.firstSteps = () => [step(null, 'c2', [])];
    server.cut();

    await eventually(() => expect(steps).toEqual(['all c2: ']));
    expect(server.opened.map(({ since }) => since)).toEqual(['c1', null, null]);
  });
});

const mapOf = ({ ports }: Change) => new Map(ports.map((port) => [port.portId, port]));
