import type { Direction, ProgrammedLimitInput } from '../../../schema/generated/graphql.ts';
import type { Flow } from '../../openflow/flows.ts';
import type { Meter } from '../../openflow/meters.ts';
import type { Uuid } from '../../ovsdb/notation.ts';
import type { Operation } from '../../ovsdb/operations.ts';
import type { Plan, PlannedChange } from '../driver.ts';

/** A device as the kernel knows it. The index tells a device from an earlier one of its name. */
export interface Device {
  readonly name: string;
  readonly ifindex: number | null;
}

/** One thing to read where it acts. `absent`: it must not be there. */
export type Check =
  | {
      readonly kind: 'htb';
      readonly device: Device;
      readonly bridge: string;
      /** Whose limit it is, should the kernel lose it. */
      readonly row: Uuid;
      readonly rateKbps: number;
      readonly burstKbps: number;
    }
  | { readonly kind: 'htbAbsent'; readonly device: Device }
  | {
      /** A queue of a physical port's, with what it is to get at least and may get at most. */
      readonly kind: 'guarantee';
      readonly device: Device;
      readonly bridge: string;
      readonly row: Uuid;
      readonly queueId: number;
      readonly minKbps: number;
      readonly maxKbps: number;
    }
  | { readonly kind: 'guaranteeAbsent'; readonly device: Device; readonly queueId: number }
  | {
      readonly kind: 'police';
      readonly device: Device;
      readonly bridge: string;
      readonly row: Uuid;
      readonly rateKbps: number | null;
      readonly burstKbps: number | null;
      readonly rateKpps: number | null;
      readonly burstKpps: number | null;
    }
  | { readonly kind: 'policeAbsent'; readonly device: Device }
  | { readonly kind: 'meter'; readonly bridge: string; readonly meter: Meter }
  | { readonly kind: 'meterAbsent'; readonly bridge: string; readonly meterId: number }
  | { readonly kind: 'flow'; readonly bridge: string; readonly flow: Flow }
  | {
      readonly kind: 'flowAbsent';
      readonly bridge: string;
      readonly flow: Pick<Flow, 'cookie' | 'table' | 'priority' | 'match'>;
    };

/** What one direction of one port is to come to, and what has to be read before that may be said. */
export type Aim = {
  readonly portId: string;
  readonly direction: Direction;
  readonly ruleId: string | null;
  readonly ruleVersion: number | null;
} & (
  | {
      /** Known without a look at the switch. */
      readonly kind: 'verdict';
      readonly status: 'FAILED' | 'WAITING_FOR_PORT' | 'APPLIED';
      readonly message: string;
    }
  | {
      readonly kind: 'enforced';
      readonly programmed: ProgrammedLimitInput;
      /** Each makes the result DEGRADED. */
      readonly notes: readonly string[];
      readonly checks: readonly Check[];
    }
  | { readonly kind: 'removed'; readonly checks: readonly Check[] }
);

/** Who an aim is about. */
export type AimHead = Pick<Aim, 'portId' | 'direction' | 'ruleId' | 'ruleVersion'>;

export function headFrom({ portId, direction, ruleId, ruleVersion }: AimHead): AimHead {
  return { portId, direction, ruleId, ruleVersion };
}

export type OpenFlowWrite =
  | { readonly kind: 'addMeter' | 'modifyMeter'; readonly meter: Meter }
  | { readonly kind: 'deleteMeter'; readonly meterId: number }
  | { readonly kind: 'addFlow'; readonly flow: Flow }
  | {
      readonly kind: 'deleteFlow';
      readonly flow: Pick<Flow, 'cookie' | 'table' | 'priority' | 'match'>;
    };

/**
 * One change, in the steps of `apply`: every change's `clear` comes before any `secure`, and so on.
 * What limits is set before what it replaces is taken away.
 */
export interface OvsChange extends PlannedChange {
  readonly mechanism: 'linux_htb' | 'ingress_policing' | 'openflow';
  /** OVSDB: take away what the kernel has lost, so that `secure` sets it up anew. */
  readonly clear: readonly Operation[];
  /** OVSDB: make, or change in place. */
  readonly secure: readonly Operation[];
  readonly bridge: string | null;
  /** OpenFlow on `bridge`: make, or change in place. */
  readonly put: readonly OpenFlowWrite[];
  /** OpenFlow on `bridge`: remove. */
  readonly drop: readonly OpenFlowWrite[];
  /** OVSDB: remove. */
  readonly release: readonly Operation[];
  /** vswitchd has to act on the OVSDB operations before anything can be read back. */
  readonly settles: boolean;
}

export interface OvsPlan extends Plan {
  readonly changes: readonly OvsChange[];
  readonly aims: readonly Aim[];
}

/** What one mechanism comes to for one direction; no aim: there is nothing to say. */
export interface Planned {
  readonly aim: Aim | null;
  readonly changes: readonly OvsChange[];
}

/** What one mechanism contributes to a port's EGRESS. */
export interface PlannedEgress {
  readonly changes: readonly OvsChange[];
  readonly checks: readonly Check[];
}

/** A change with only the steps that it needs. */
export function change(
  head: Pick<OvsChange, 'portId' | 'direction' | 'mechanism' | 'sentence'>,
  steps: Partial<OvsChange>,
): OvsChange {
  const nothing = { clear: [], secure: [], put: [], drop: [], release: [] };
  return { ...nothing, bridge: null, settles: false, ...head, ...steps };
}

export function failed(head: AimHead, message: string): Aim {
  return { ...head, kind: 'verdict', status: 'FAILED', message };
}
