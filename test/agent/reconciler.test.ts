import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DesiredState } from '../../agent/desired.ts';
import type { DirectionResult } from '../../agent/drivers/driver.ts';
import { Reconciler } from '../../agent/reconciler.ts';
import { silent } from '../support/agentConnection.ts';
import { eventually } from '../support/eventually.ts';
import { FaultyDriver } from '../support/faultyDriver.ts';
import { limitOf } from '../support/limits.ts';

let driver: FaultyDriver;
let desired: DesiredState | null;
let reconciler: Reconciler;
let settled: { cursor: string; results: readonly DirectionResult[] }[];
let repaired: (string | null)[];
let observations: number;
let failures: number;
let stop: AbortController;
let running: Promise<void>;

beforeEach(() => {
  driver = new FaultyDriver();
  desired = null;
  settled = [];
  repaired = [];
  observations = 0;
  failures = 0;
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  await running;
});

function start(lookMs = 60_000): void {
  reconciler = new Reconciler({
    driver,
    desired: () => desired,
    log: silent,
    lookMs,
    backoff: { baseMs: 2, capMs: 10 },
    listener: {
      observed: () => {
        observations += 1;
      },
      repaired: (changes) => repaired.push(...changes.map(({ portId }) => portId)),
      settled: ({ desired: { cursor }, results }) => settled.push({ cursor, results }),
      ended: (_seconds, failed) => {
        if (failed) failures += 1;
      },
    },
  });
  driver.onChange(() => reconciler.wake());
  running = reconciler.run(stop.signal);
}

const limit = limitOf({ ruleId: 'rule', maxKbps: 1000 });
const state = (cursor: string, portIds: string[], adminStateUp = true): DesiredState => ({
  cursor,
  adminStateUp,
  ports: new Map(portIds.map((portId) => [portId, { portId, egress: limit, ingress: null }])),
});
function want(next: DesiredState): void {
  desired = next;
  reconciler.wake();
}
const appliedPorts = () => driver.applied.map((ports) => [...ports.keys()].join(' '));

describe('The reconciler', () => {
  test('does nothing but look while nothing is known to be desired', async () => {
    start();

    await eventually(() => expect(observations).toBe(1));
    expect(driver.applied).toEqual([]);
    expect(settled).toEqual([]);
  });

  test('applies what is desired, reads it back and says so; with nothing to do it applies nothing', async () => {
    start();
    want(state('c1', ['a']));
    await eventually(() => expect(settled.length).toBeGreaterThan(0));

    want(state('c2', ['a']));

    await eventually(() => expect(settled.at(-1)?.cursor).toBe('c2'));
    expect(appliedPorts()).toEqual(['a']);
    expect(settled.at(-1)?.results).toMatchObject([{ portId: 'a', status: 'APPLIED' }]);
  });

  test('applies nothing and says nothing while the switch is away', async () => {
    driver.away = true;
    start();
    want(state('c1', ['a']));
    await eventually(() => expect(driver.rounds).toBeGreaterThan(0));
    expect(settled).toEqual([]);
    expect(observations).toBe(0);

    driver.away = false;
    reconciler.wake();

    await eventually(() => expect(settled.at(-1)?.cursor).toBe('c1'));
  });

  test('tries again after a failure, until it works, and says nothing of it before', async () => {
    driver.applyFault = 'The switch changed meanwhile.';
    start();
    want(state('c1', ['a']));
    await eventually(() => expect(failures).toBeGreaterThan(3));
    driver.applyFault = null;
    driver.readBackFault = 'The switch went away.';
    await eventually(() => expect(driver.applied).toHaveLength(1));
    expect(settled).toEqual([]);

    driver.readBackFault = null;

    await eventually(() => expect(settled.at(-1)?.cursor).toBe('c1'));
  });

  test('makes one round of whatever comes during another, and never two at once', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    driver.gate = promise;
    start();
    want(state('c1', ['a']));
    await eventually(() => expect(driver.mostAtOnce).toBe(1));
    for (let step = 2; step <= 100; step += 1) want(state(`c${step}`, ['a', `b${step}`]));

    resolve();

    await eventually(() => expect(settled.at(-1)?.cursor).toBe('c100'));
    expect(appliedPorts()).toEqual(['a', 'a b100']);
    expect(driver.mostAtOnce).toBe(1);
  });

  test('looks by itself from time to time', async () => {
    start(20);

    await eventually(() => expect(driver.rounds).toBeGreaterThan(4));
  });

  test('removes everything when administratively down, and restores it when up again', async () => {
    start();
    want(state('c1', ['a', 'b']));
    await eventually(() => expect(settled.at(-1)?.cursor).toBe('c1'));

    want(state('c2', ['a', 'b'], false));
    await eventually(() => expect(settled.at(-1)).toEqual({ cursor: 'c2', results: [] }));
    want(state('c3', ['a', 'b']));

    await eventually(() => expect(settled.at(-1)?.results).toHaveLength(2));
    expect(appliedPorts()).toEqual(['a b', '', 'a b']);
  });

  test('does not say that it is down while a limit cannot be removed', async () => {
    driver.sticky = true;
    start();
    want(state('c1', ['a'], false));
    await eventually(() => expect(failures).toBeGreaterThan(2));
    expect(settled).toEqual([]);

    driver.sticky = false;

    await eventually(() => expect(settled.at(-1)?.cursor).toBe('c1'));
  });

  test('says what it repaired, and does not call a change that was asked for a repair', async () => {
    start();
    want(state('c1', ['a', 'b']));
    await eventually(() => expect(settled.at(-1)?.cursor).toBe('c1'));
    want(state('c2', ['a']));
    await eventually(() => expect(settled.at(-1)?.cursor).toBe('c2'));
    expect(repaired).toEqual([]);

    driver.lose();

    await eventually(() => expect(repaired).toEqual(['a']));
    expect(settled.at(-1)?.results).toMatchObject([{ portId: 'a', status: 'APPLIED' }]);
  });

  test('finishes its round before it stops', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    driver.gate = promise;
    start();
    want(state('c1', ['a']));
    await eventually(() => expect(driver.mostAtOnce).toBe(1));
    stop.abort();
    resolve();

    await running;

    expect(settled.map(({ cursor }) => cursor)).toEqual(['c1']);
  });
});
