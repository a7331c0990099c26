import { UserError } from '../../lib/errors.ts';
import type { Logger } from '../../lib/log.ts';
import { sleep } from '../../lib/retry.ts';
import type { AgentConfig } from '../config.ts';
import type {
  Desired,
  DirectionResult,
  Driver,
  Observation,
  Plan,
  PlannedChange,
} from '../drivers/driver.ts';
import { openDriver } from '../openDriver.ts';

/** A switch that is there is known within a second; one whose OpenFlow is refused, within five. */
const knownWithinMs = 10_000;
const lookEveryMs = 50;

/** Runs the agent's own driver for as long as `use` takes. */
export async function withDriver<T>(
  config: AgentConfig,
  log: Logger,
  use: (driver: Driver) => Promise<T>,
): Promise<T> {
  const driver = await openDriver(config, log);
  const stop = new AbortController();
  const running = driver.run(stop.signal);
  const endedEarly = running.then(() => {
    throw new Error(`The driver ${driver.name} ended by itself.`);
  });
  try {
    return await Promise.race([use(driver), endedEarly]);
  } finally {
    stop.abort();
    await running;
  }
}

/** Without what a driver's own changes carry beside it. */
export function plainChange({
  portId,
  direction,
  mechanism,
  sentence,
}: PlannedChange): PlannedChange {
  return { portId, direction, mechanism, sentence };
}

/** What the agent would see and do, without doing it. */
export interface Look {
  readonly observed: Observation;
  readonly plan: Plan;
  /** How far each limit is, as read back from where it acts now. */
  readonly results: readonly DirectionResult[];
}

/** Rejects with a UserError when the switch does not become known. Changes nothing. */
export async function look(driver: Driver, desired: Desired): Promise<Look> {
  // Reading back is what finds limits that the kernel has lost: the look after it plans for them.
  await driver.readBack(driver.plan(desired, await observe(driver)));
  const observed = await observe(driver);
  const plan = driver.plan(desired, observed);
  return { observed, plan, results: await driver.readBack(plan) };
}

async function observe(driver: Driver): Promise<Observation> {
  const deadlineMs = performance.now() + knownWithinMs;
  while (performance.now() < deadlineMs) {
    const observed = await driver.observe();
    if (observed) return observed;
    await sleep(lookEveryMs);
  }
  throw new UserError(
    `The switch was not known in full within ${knownWithinMs / 1000} s: is it running, and do SLUICE_OVSDB and SLUICE_BRIDGES name it?`,
  );
}
