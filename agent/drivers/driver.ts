import type { Logger } from '../../lib/log.ts';
import type {
  BindingStatus,
  Direction,
  PortQosFieldsFragment as PortQos,
  ProgrammedLimitInput,
} from '../../schema/generated/graphql.ts';

/** What a host's ports must be held to, by port id: the last complete state of the feed. */
export type Desired = ReadonlyMap<string, PortQos>;

/** A port that the switch has now, known by `external_ids:iface-id` (SLUICE_PORT_KEY). */
export interface PluggedPort {
  /** A UUID in lower case; an interface whose key holds anything else is no port of ours. */
  readonly portId: string;
  readonly interfaceName: string;
  /** Null where the driver has no bridges. */
  readonly bridge: string | null;
  readonly mac: string | null;
}

/** What the switch has now. Null from `observe` means: not known in full, so nothing may be removed. */
export interface Observation {
  readonly ports: readonly PluggedPort[];
  /** Interfaces whose port key holds something else than a UUID; left out where the driver has no such key. */
  readonly ignored?: number;
}

/** One change that a plan would make: a sentence for the log and for `sluice-agent plan`. */
export interface PlannedChange {
  /** Null: it is no port's. */
  readonly portId: string | null;
  readonly direction: Direction;
  /** What is changed, by one of a few names such as those in `programmed`: a metric counts by it. */
  readonly mechanism: string;
  readonly sentence: string;
}

/** What would make the switch as desired. No changes: it already is, and applying does nothing. */
export interface Plan {
  readonly changes: readonly PlannedChange[];
}

/** How far one direction of one port got, as read back from where it acts. */
export interface DirectionResult {
  readonly portId: string;
  readonly direction: Direction;
  /** Null with `ruleVersion`: no limit is asked for, and none of Sluice's is there any more. */
  readonly ruleId: string | null;
  readonly ruleVersion: number | null;
  readonly status: Extract<BindingStatus, 'APPLIED' | 'DEGRADED' | 'FAILED' | 'WAITING_FOR_PORT'>;
  readonly message: string | null;
  readonly programmed: ProgrammedLimitInput | null;
}

/**
 * What the limit of one direction of a port let pass and dropped, as its mechanism counts it. Never changed: a limit
 * that counted more has another.
 */
export interface Usage {
  readonly portId: string;
  readonly direction: Direction;
  /** The rule that asks for the limit. */
  readonly ruleId: string;
  /** Null where the mechanism counts only what reached it. */
  readonly bytes: bigint | null;
  readonly packets: bigint;
  /** Null, as `droppedPackets`, where the mechanism does not tell. */
  readonly droppedBytes: bigint | null;
  readonly droppedPackets: bigint | null;
  /** When the counting began, by performance.now(); null: before this process looked. */
  readonly beganMs: number | null;
}

/**
 * What enforces limits on a host. The reconciler calls observe → plan → apply → readBack, one at a
 * time and never two at once, whenever the desired state moved or the driver said that something changed.
 */
export interface Driver<O extends Observation = Observation, P extends Plan = Plan> {
  readonly name: string;
  /** Keeps the link with the switch, reconnecting by itself, until the signal aborts. Limits stay (invariant 9). */
  run(signal: AbortSignal): Promise<void>;
  /** The listener is called whenever a look may be worth while: a change in the switch, a restart, a timer of the driver's. */
  onChange(listener: () => void): void;
  /** What this host can do, for the agent's `configurations.capabilities`; null until it is known. */
  capabilities(): Readonly<Record<string, unknown>> | null;
  /**
   * Why nothing can be changed on the switch now, as a sentence: it is away, or somebody else holds it. Null: nothing is
   * known to be in the way. Left out by a driver without a switch.
   */
  obstacle?(): string | null;
  /** Desired moved on, and a plan follows once that is saved: what has to wake up may. Left out where nothing has to. */
  expectChange?(): void;
  /** Null while the switch is away or not yet known in full. */
  observe(): Promise<O | null>;
  /** Pure: no I/O, and the same answer for the same input. A port that `desired` does not name is to have no limit of ours. */
  plan(desired: Desired, observed: O): P;
  /** Applies in as few transactions as possible, within a time of its own. Rejects when the switch changed meanwhile or went away: nothing is lost, the reconciler looks again. */
  apply(plan: P): Promise<void>;
  /**
   * A result for each direction of each port that `desired` names (with a null `ruleId` where it asks for nothing
   * but Sluice's limit was there before), confirmed by reading back from where the limit acts.
   */
  readBack(plan: P): Promise<readonly DirectionResult[]>;
  /**
   * What the limits that were last read back have counted, the very same object for each that has not moved since the
   * last call: only others are told of. Left out by a driver that counts nothing. May be called while a round goes on.
   * Rejects while the switch is away.
   */
  usage?(): Promise<readonly Usage[]>;
}

/** What a driver module exports as `createDriver`, found by `SLUICE_DRIVER=<module path>`. */
export type CreateDriver = (options: DriverOptions) => Driver;

/** A port that leads out of the host, and what its link carries where that is not the device's own speed. */
export interface PhysicalPortSetting {
  readonly name: string;
  readonly kbps: number | null;
}

/** The settings that a driver may need; each means what its SLUICE_ setting does. */
export interface DriverOptions {
  readonly ovsdb: string;
  readonly ovsNetns: string | null;
  /** Bridges to look at; null: all. */
  readonly bridges: readonly string[] | null;
  readonly portKey: string;
  readonly egressMechanism: 'auto' | 'ingress_policing' | 'openflow_meter';
  /** Null: those whose devices are hardware. */
  readonly physicalPorts: readonly PhysicalPortSetting[] | null;
  /** Changes the switch, and so wants it for itself alone; false: only looks. */
  readonly changes: boolean;
  /** A part of the switch that has not answered for so long counts as away, and the rest is gone on with. */
  readonly patienceMs: number;
  readonly log: Logger;
}
