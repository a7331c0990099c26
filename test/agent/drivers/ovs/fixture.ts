import type {
  Desired,
  DirectionResult,
  Driver,
  DriverOptions,
} from '../../../../agent/drivers/driver.ts';
import { createDriver } from '../../../../agent/drivers/ovs/index.ts';
import { createLog } from '../../../../lib/log.ts';
import type {
  Direction,
  PortLimitFieldsFragment as PortLimit,
  PortQosFieldsFragment as PortQos,
} from '../../../../schema/generated/graphql.ts';
import { eventually } from '../../../support/eventually.ts';
import { limitOf } from '../../../support/limits.ts';
import type { TestSwitch } from '../../../support/ovs.ts';

export type Limits = Partial<Record<Direction, Partial<PortLimit>>>;

/** What is desired, by port id. */
export function desire(limits: Readonly<Record<string, Limits>>): Desired {
  return new Map(
    Object.entries(limits).map(([portId, { EGRESS, INGRESS }]): [string, PortQos] => [
      portId,
      { portId, egress: limit(EGRESS), ingress: limit(INGRESS) },
    ]),
  );
}

function limit(fields: Partial<PortLimit> | undefined): PortLimit | null {
  return fields ? limitOf(fields) : null;
}

/** A driver on a test's switch that does what the reconciler does, when the test says so. */
export interface TestDriver extends AsyncDisposable {
  readonly driver: Driver;
  /** How often it said that a look may be worth while. */
  readonly announced: () => number;
  /** Observes, plans, applies and reads back, until the switch is known and took it. */
  enforce(desired: Desired): Promise<readonly DirectionResult[]>;
  /** The sentences of what would be changed. */
  planned(desired: Desired): Promise<readonly string[]>;
}

export function startDriver(ovs: TestSwitch, options: Partial<DriverOptions> = {}): TestDriver {
  const driver = createDriver({
    ovsdb: ovs.ovsdb,
    ovsNetns: ovs.netns,
    bridges: null,
    portKey: 'iface-id',
    egressMechanism: 'auto',
    physicalPorts: null,
    changes: true,
    patienceMs: 5_000,
    log: createLog('test', 'silent', 'json'),
    ...options,
  });
  let announced = 0;
  driver.onChange(() => announced++);
  const stop = new AbortController();
  const running = driver.run(stop.signal);
  const plan = async (desired: Desired) => {
    const observed = await driver.observe();
    if (!observed) throw new Error('The switch is not known yet.');
    return driver.plan(desired, observed);
  };
  return {
    driver,
    announced: () => announced,
    enforce: (desired) =>
      eventually(
        async () => {
          const planned = await plan(desired);
          if (planned.changes.length > 0) await driver.apply(planned);
          return driver.readBack(planned);
        },
        { timeoutMs: 15_000 },
      ),
    planned: (desired) =>
      eventually(async () => (await plan(desired)).changes.map(({ sentence }) => sentence)),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}

export function resultFor(
  results: readonly DirectionResult[],
  portId: string,
  direction: Direction,
): DirectionResult | undefined {
  return results.find((each) => each.portId === portId && each.direction === direction);
}
