import fc from 'fast-check';
import { expect } from 'vitest';
import type { Desired } from '../../../../../agent/drivers/driver.ts';
import { unreachable } from '../../../../../lib/errors.ts';
import { WriteGate } from '../../../../support/writeGate.ts';
import { type Agent, startAgent } from './agent.ts';
import { anyCase, type Case, type Scar } from './arbitrary.ts';
import type { Datapath, Mechanism } from './datapaths.ts';
import { expectedOn, expectHeld, expectResults, mechanismsOf } from './expected.ts';
import { messagesOf } from './flowScars.ts';
import { expectForeignUntouched } from './foreign.ts';
import { tcCommands } from './kernelScars.ts';
import { bridgeNames, Lab } from './lab.ts';
import { heldOn } from './limits.ts';
import { portWrites } from './portScars.ts';
import { qosWrites } from './qosScars.ts';
import type { FullReading, Reading } from './reading.ts';
import { recordWrites } from './recordScars.ts';
import { expectTidy } from './tidy.ts';

/** Any wanted state is reached from any switch, at once, and from wherever a stop left it. */
export async function tryCases(
  datapath: Datapath,
  { cases, seed }: { readonly cases: number; readonly seed: number },
): Promise<void> {
  await using lab = await Lab.open(datapath);
  const trials = new Trials(lab);
  await fc.assert(
    fc.asyncProperty(anyCase(datapath), (given) => trials.holds(given)),
    {
      seed,
      numRuns: cases,
      // Each step of shrinking is a case on a real switch.
      endOnFailure: process.env.ANY_STATE_SHRINK === undefined,
    },
  );
  expect(trials.stopped, 'cases that were stopped on the way').toBeGreaterThan(cases / 2);
  expect([...trials.held], 'by what limits were held').toEqual(
    expect.arrayContaining([...datapath.mechanisms]),
  );
}

class Trials {
  readonly #lab: Lab;
  /** Cases that were stopped on the way. */
  stopped = 0;
  /** By what limits were held. */
  readonly held = new Set<Mechanism>();

  constructor(lab: Lab) {
    this.#lab = lab;
  }

  async holds(given: Case): Promise<void> {
    const { after, writes } = await this.#reachAndStay(given);
    if (writes.length === 0) return;
    const restarted = await this.#stopAndReach(given, given.stopAfter % writes.length);
    expect(heldOn(restarted)).toEqual(heldOn(after));
  }

  /** Applied once the switch is as wanted, and never less than it was; applied again nothing is written. */
  async #reachAndStay(given: Case) {
    const lab = this.#lab;
    const before = await this.#arrange(given);
    const history: Reading[] = [];
    await using gate = await WriteGate.open(lab.ovs, bridgeNames, {
      onWrite: async () => {
        history.push(await lab.look());
      },
    });
    await using agent = startAgent(lab, gate.ovsdb, given.mechanisms.wanted);
    const after = await this.#reach(agent, given, before);
    gate.rethrow();
    const writes = [...gate.writes];
    expectNoGap(before, history, after);

    const again = await agent.round(desiredOf(given.wanted));
    expectResults(again, this.#expected(given, before));
    expect(gate.writes.slice(writes.length), 'written the second time').toEqual([]);
    return { after, writes };
  }

  /** Killed after so many writes; another agent then finds what is there. */
  async #stopAndReach(given: Case, allowed: number): Promise<FullReading> {
    const lab = this.#lab;
    const before = await this.#arrange(given);
    const mechanism = given.mechanisms.wanted;
    {
      await using gate = await WriteGate.open(lab.ovs, bridgeNames, { allowed });
      await using agent = startAgent(lab, gate.ovsdb, mechanism);
      const done = await agent.rounds(desiredOf(given.wanted)).then(
        () => true,
        () => false,
      );
      expect(done, 'a round ends well exactly where nothing stopped it').toBe(!gate.isCut);
      // Made anew, the switch may be less far from what is wanted: a device that went in between, for one.
      if (gate.isCut) this.stopped += 1;
    }
    await lab.settle();
    await using agent = startAgent(lab, lab.ovs.ovsdb, mechanism);
    // With the await: `await using` would stop the agent as soon as the promise is there.
    return await this.#reach(agent, given, before);
  }

  /** Makes the switch as wanted, and holds it against what was there before. */
  async #reach(agent: Agent, given: Case, before: FullReading): Promise<FullReading> {
    const results = await agent.rounds(desiredOf(given.wanted));
    const after = await this.#lab.read();
    const expected = this.#expected(given, before);
    expectResults(results, expected);
    expectHeld(after, expected);
    expectTidy(after, expected);
    expectForeignUntouched(before, after);
    for (const mechanism of expected.flatMap(mechanismsOf)) this.held.add(mechanism);
    return after;
  }

  #expected({ wanted, mechanisms }: Case, before: FullReading) {
    return expectedOn(before, desiredOf(wanted), mechanisms.wanted, this.#lab.datapath);
  }

  async #arrange({ earlier, scars, mechanisms }: Case): Promise<FullReading> {
    await this.#lab.reset();
    {
      await using agent = startAgent(this.#lab, this.#lab.ovs.ovsdb, mechanisms.earlier);
      await agent.round(desiredOf(earlier));
    }
    for (const scar of scars) await wound(this.#lab, scar);
    return this.#lab.read();
  }
}

async function wound(lab: Lab, scar: Scar): Promise<void> {
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
    case 'kernel':
      return lab.tc(tcCommands(scar));
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
