import type { Desired, DirectionResult, Observation } from '../../agent/drivers/driver.ts';
import { NoopDriver } from '../../agent/drivers/noop.ts';

type NoopPlan = ReturnType<NoopDriver['plan']>;

/** The noop driver with a switch for faults: it goes away, fails, is slow, keeps limits; and notes what it is asked. */
export class FaultyDriver extends NoopDriver {
  away = false;
  applyFault: string | null = null;
  readBackFault: string | null = null;
  /** Holds every apply until it is settled. */
  gate: Promise<void> = Promise.resolve();
  /** Says of each limit that it could not be removed. */
  sticky = false;
  rounds = 0;
  mostAtOnce = 0;
  readonly applied: Desired[] = [];
  #atOnce = 0;

  override async observe(): Promise<Observation> {
    this.rounds += 1;
    // Away is null in the interface; the noop driver itself is always there.
    return this.away ? (null as unknown as Observation) : super.observe();
  }

  override async apply(plan: NoopPlan): Promise<void> {
    this.#atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#atOnce);
    try {
      await this.gate;
      if (this.applyFault) throw new Error(this.applyFault);
      this.applied.push(plan.desired);
      await super.apply(plan);
    } finally {
      this.#atOnce -= 1;
    }
  }

  /** Somebody takes everything away behind the agent's back. */
  lose(): void {
    void super.apply(this.plan(new Map(), { ports: [] }));
  }

  override async readBack(plan: NoopPlan): Promise<readonly DirectionResult[]> {
    if (this.readBackFault) throw new Error(this.readBackFault);
    const results = await super.readBack(plan);
    return this.sticky ? [...results, stuck] : results;
  }
}

const stuck: DirectionResult = {
  portId: 'a',
  direction: 'EGRESS',
  ruleId: null,
  ruleVersion: null,
  status: 'FAILED',
  message: 'It is stuck.',
  programmed: null,
};
