import type { Desired, DirectionResult, Driver } from '../../../../../agent/drivers/driver.ts';
import { eventually } from '../../../../support/eventually.ts';
import { startDriver } from '../fixture.ts';
import type { EgressMechanism } from './datapaths.ts';
import { deviceOf, type Lab } from './lab.ts';

export interface Agent extends AsyncDisposable {
  /** One round of the reconciler's. */
  round(desired: Desired): Promise<readonly DirectionResult[]>;
  /** As many as it takes on this datapath. */
  rounds(desired: Desired): Promise<readonly DirectionResult[]>;
}

/** One on the lab's switch, which it speaks to by `ovsdb`. */
export function startAgent(
  { ovs, datapath }: Lab,
  ovsdb: string,
  egressMechanism: EgressMechanism,
): Agent {
  const physicalPorts = datapath.uplinks.map(({ port, kbps }) => ({ name: deviceOf(port), kbps }));
  const test = startDriver(ovs, { ovsdb, egressMechanism, physicalPorts });
  const { driver } = test;
  return {
    round: (desired) => round(driver, desired),
    rounds: async (desired) => {
      for (let left = datapath.rounds - 1; left > 0; left -= 1) await round(driver, desired);
      return round(driver, desired);
    },
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
