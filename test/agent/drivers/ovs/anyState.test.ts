import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Desired, DirectionResult, Driver } from '../../../../agent/drivers/driver.ts';
import { unreachable } from '../../../../lib/errors.ts';
import { eventually } from '../../../support/eventually.ts';
import { WriteGate } from '../../../support/writeGate.ts';
import { anyCase, type Case, type Scar } from './anyState/arbitrary.ts';
import { expectedOn, expectHeld, expectResults } from './anyState/expected.ts';
import { messagesOf } from './anyState/flowScars.ts';
import { expectForeignUntouched } from './anyState/foreign.ts';
import { bridgeNames, Lab } from './anyState/lab.ts';
import { heldOn } from './anyState/limits.ts';
import { portWrites } from './anyState/portScars.ts';
import { qosWrites } from './anyState/qosScars.ts';
import type { FullReading, Reading } from './anyState/reading.ts';
import { recordWrites } from './anyState/recordScars.ts';
import { expectTidy } from './anyState/tidy.ts';
import { startDriver } from './fixture.ts';

const cases = Number(process.env.ANY_STATE_CASES ?? 60);
/** The same cases each time, so that a change is judged by itself; another seed is another set. */
const seed = Number(process.env.ANY_STATE_SEED ?? 60);

let lab: Lab;
let stopped = 0;
beforeAll(async () => {
  lab = await Lab.open();
});
afterAll(() => lab?.[Symbol.asyncDispose]());

test(`any wanted state is reached from any switch, at once, and from wherever a stop left it (ANY_STATE_SEED=${seed})`, {
  timeout: 60_000 + cases * 3_000,
}, async () => {
  await fc.assert(fc.asyncProperty(anyCase, holds), {
    seed,
    numRuns: cases,
    // Each step of shrinking is a case on a real switch.
    endOnFailure: process.env.ANY_STATE_SHRINK === undefined,
  });
  expect(stopped, 'cases that were stopped on the way').toBeGreaterThan(cases / 2);
});

async function holds(given: Case): Promise<void> {
  const { after, writes } = await reachAndStay(given);
  if (writes.length === 0) return;
  const restarted = await stopAndReach(given, given.stopAfter % writes.length);
  expect(heldOn(restarted)).toEqual(heldOn(after));
}

/** Applied once the switch is as wanted, and never less than it was; applied again nothing is written. */
async function reachAndStay(given: Case) {
  const before = await arrange(given);
  const history: Reading[] = [];
  await using gate = await WriteGate.open(lab.ovs, bridgeNames, {
    onWrite: async () => {
      history.push(await lab.look());
    },
  });
  await using agent = startAgent(gate.ovsdb);
  const after = await reach(agent, given, before);
  gate.rethrow();
  const writes = [...gate.writes];
  expectNoGap(before, history, after);

  const again = await agent.round(desiredOf(given.wanted));
  expectResults(again, expectedOn(before, desiredOf(given.wanted)));
  expect(gate.writes.slice(writes.length), 'written the second time').toEqual([]);
  return { after, writes };
}

/** Killed after so many writes; another agent then finds what is there. */
async function stopAndReach(given: Case, allowed: number): Promise<FullReading> {
  const before = await arrange(given);
  {
    await using gate = await WriteGate.open(lab.ovs, bridgeNames, { allowed });
    await using agent = startAgent(gate.ovsdb);
    const done = await agent.round(desiredOf(given.wanted)).then(
      () => true,
      () => false,
    );
    expect(done, 'a round ends well exactly where nothing stopped it').toBe(!gate.isCut);
    // Made anew, the switch may be less far from what is wanted: a device that went in between, for one.
    if (gate.isCut) stopped += 1;
  }
  await lab.settle();
  await using agent = startAgent(lab.ovs.ovsdb);
  // With the await: `await using` would stop the agent as soon as the promise is there.
  return await reach(agent, given, before);
}

/** Makes the switch as wanted, and holds it against what was there before. */
async function reach(agent: Agent, given: Case, before: FullReading): Promise<FullReading> {
  const wanted = desiredOf(given.wanted);
  const results = await agent.round(wanted);
  const after = await lab.read();
  const expected = expectedOn(before, wanted);
  expectResults(results, expected);
  expectHeld(after, expected);
  expectTidy(after, expected);
  expectForeignUntouched(before, after);
  return after;
}

async function arrange({ earlier, scars }: Case): Promise<FullReading> {
  await lab.reset();
  {
    await using agent = startAgent(lab.ovs.ovsdb);
    await agent.round(desiredOf(earlier));
  }
  for (const scar of scars) await wound(scar);
  return lab.read();
}

async function wound(scar: Scar): Promise<void> {
  switch (scar.of) {
    case 'qos':
      return lab.transact(qosWrites(scar, lab.rows));
    case 'port':
      return lab.transact(portWrites(scar, lab.rows));
    case 'record':
      return lab.transact(recordWrites(scar, lab.rows));
    case 'flow': {
      const { flows, meters } = await lab.openflow(scar.bridge);
      return lab.send(scar.bridge, messagesOf(scar, flows, meters));
    }
    default:
      return unreachable(scar);
  }
}

function desiredOf(ports: Case['wanted']): Desired {
  return new Map(ports.map((port) => [port.portId, port]));
}

/** What was right and stays right was right after every write. */
function expectNoGap(before: Reading, history: readonly Reading[], after: Reading): void {
  const [was, is] = [heldOn(before), heldOn(after)];
  for (const [key, held] of is) {
    if (held === null || JSON.stringify(was.get(key)) !== JSON.stringify(held)) continue;
    for (const [index, between] of history.entries()) {
      expect(heldOn(between).get(key), `${key} after write ${index + 1}`).toEqual(held);
    }
  }
}

interface Agent extends AsyncDisposable {
  /** One round of the reconciler's. */
  round(desired: Desired): Promise<readonly DirectionResult[]>;
}

function startAgent(ovsdb: string): Agent {
  const test = startDriver(lab.ovs, { ovsdb });
  return {
    round: (desired) => round(test.driver, desired),
    [Symbol.asyncDispose]: () => test[Symbol.asyncDispose](),
  };
}

async function round(driver: Driver, desired: Desired): Promise<readonly DirectionResult[]> {
  const observed = await eventually(() => known(driver), { timeoutMs: 30_000, intervalMs: 2 });
  const plan = driver.plan(desired, observed);
  if (plan.changes.length > 0) await driver.apply(plan);
  return driver.readBack(plan);
}

async function known(driver: Driver) {
  const observed = await driver.observe();
  if (!observed) throw new Error('The switch is not known yet.');
  return observed;
}
