import { aborted } from '../../lib/lifecycle.ts';
import type {
  Direction,
  PortLimitFieldsFragment as PortLimit,
} from '../../schema/generated/graphql.ts';
import type {
  Desired,
  DirectionResult,
  Driver,
  Observation,
  Plan,
  PlannedChange,
  PluggedPort,
} from './driver.ts';

interface NoopPlan extends Plan {
  readonly desired: Desired;
}

const message = 'The noop driver enforces nothing: it only says that it did.';

/** Enforces nothing, on any host: for trying out a server, or a fleet of agents, without switches. */
export class NoopDriver implements Driver<Observation, NoopPlan> {
  readonly name = 'noop';
  #ports: readonly PluggedPort[] = [];
  #changed: () => void = () => {};

  async run(signal: AbortSignal): Promise<void> {
    await aborted(signal);
  }

  onChange(listener: () => void): void {
    this.#changed = listener;
  }

  capabilities(): Readonly<Record<string, unknown>> {
    return { enforces: false };
  }

  /** Every port that was asked for counts as plugged. */
  async observe(): Promise<Observation> {
    return { ports: this.#ports };
  }

  plan(desired: Desired, { ports }: Observation): NoopPlan {
    const here = new Set(ports.map(({ portId }) => portId));
    const arriving = [...desired.keys()].filter((portId) => !here.has(portId));
    const leaving = [...here].filter((portId) => !desired.has(portId));
    const changes = [
      ...arriving.map((portId) => planned(portId, 'Count the port as plugged, and limit nothing.')),
      ...leaving.map((portId) => planned(portId, 'Count the port as unplugged.')),
    ];
    return { desired, changes };
  }

  async apply({ desired }: NoopPlan): Promise<void> {
    this.#ports = [...desired.keys()].map((portId) => ({
      portId,
      interfaceName: `noop-${portId.slice(0, 8)}`,
      bridge: null,
      mac: null,
    }));
    this.#changed();
  }

  async readBack({ desired }: NoopPlan): Promise<readonly DirectionResult[]> {
    const results: DirectionResult[] = [];
    for (const { portId, egress, ingress } of desired.values()) {
      if (egress) results.push(applied(portId, 'EGRESS', egress));
      if (ingress) results.push(applied(portId, 'INGRESS', ingress));
    }
    return results;
  }
}

function planned(portId: string, sentence: string): PlannedChange {
  return { portId, direction: 'EGRESS', mechanism: 'noop', sentence };
}

function applied(
  portId: string,
  direction: Direction,
  { ruleId, ruleVersion }: PortLimit,
): DirectionResult {
  const programmed = { mechanism: 'noop' };
  return { portId, direction, ruleId, ruleVersion, status: 'APPLIED', message, programmed };
}

export function createDriver(): Driver {
  return new NoopDriver();
}
