import { UserError } from '../../lib/errors.ts';
import { sleep } from '../../lib/retry.ts';
import type {
  Desired,
  DirectionResult,
  Driver,
  Observation,
  Plan,
  PlannedChange,
} from '../drivers/driver.ts';
import { openDriver } from '../openDriver.ts';
import type { CommandContext } from './command.ts';

/** Somebody waits for the answer: of a part of the switch that is away so long, that is the answer. */
const patienceMs = 1_000;
const awayAfterMs = 2_000;
/** A switch that is there is known within a second, unless the machine is very busy. */
const knownWithinMs = 10_000;
const lookEveryMs = 50;

/** Runs the agent's own driver for as long as `use` takes. `changes`: it is to change the switch, and no other agent may. */
export async function withDriver<T>(
  { config, log }: CommandContext,
  changes: boolean,
  use: (driver: Driver) => Promise<T>,
): Promise<T> {
  const driver = await openDriver(config, log, { changes, patienceMs });
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
  const startedMs = performance.now();
  for (;;) {
    const observed = await driver.observe();
    if (observed) return observed;
    const obstacle = driver.obstacle?.() ?? null;
    const limitMs = obstacle === null ? knownWithinMs : awayAfterMs;
    if (performance.now() - startedMs > limitMs) throw new UserError(unknown(obstacle));
    await sleep(lookEveryMs);
  }
}

/** For what needs all of the switch: `so` ends the sentence that refuses. */
export function refuseObstacle(driver: Driver, so: string): void {
  const obstacle = driver.obstacle?.() ?? null;
  if (obstacle !== null) throw new UserError(`${obstacle} ${so}`);
}

function unknown(obstacle: string | null): string {
  const why = obstacle ?? `It was not known in full within ${knownWithinMs / 1000} s.`;
  return `The switch cannot be read. ${why} Is it running, and do SLUICE_OVSDB and SLUICE_BRIDGES name it?`;
}
