import type { Flow } from '../../openflow/flows.ts';
import type { Meter, MeterFeatures } from '../../openflow/meters.ts';
import type { Uuid } from '../../ovsdb/notation.ts';
import type { DriverOptions, Observation, PluggedPort } from '../driver.ts';
import type { ForeignFlows } from './foreignFlows.ts';
import type { HostCapabilities } from './hostCapabilities.ts';
import type { Memo } from './memo.ts';
import { findOrphans, type Orphans } from './orphans.ts';
import {
  findPhysicalPorts,
  type PhysicalPort,
  type PhysicalPorts,
  type SharedQos,
} from './physicalPorts.ts';
import { findSlots, pluggedPorts, type Slot, type Slots } from './ports.ts';
import type { BridgeRow, Database } from './tables.ts';

/** A bridge's meters and Sluice's flows in it, as last read. */
export interface KnownOpenFlow {
  readonly state: 'known';
  /** Of the software, such as 3.1.0. */
  readonly version: string;
  readonly features: MeterFeatures;
  /** All meters, whoever made them, by id. */
  readonly meters: ReadonlyMap<number, Meter>;
  /** Sluice's flows by `flowKey`. */
  readonly flows: ReadonlyMap<string, Flow>;
  readonly foreign: ForeignFlows;
}

export type OpenFlowView = KnownOpenFlow | { readonly state: 'refused'; readonly reason: string };

export interface BridgeView {
  readonly row: BridgeRow;
  readonly openflow: OpenFlowView;
  /** Those by which its traffic leaves the host. */
  readonly physicalPorts: readonly PhysicalPort[];
}

/** What a bridge can do, whatever is on it: a part of its view. */
export interface BridgeAbilities {
  readonly row: Pick<BridgeRow, 'name' | 'datapath_type'>;
  readonly openflow:
    | Pick<KnownOpenFlow, 'state' | 'features'>
    | Exclude<OpenFlowView, KnownOpenFlow>;
  readonly physicalPorts: readonly PhysicalPort[];
}

/** Everything that a plan is made from. */
export interface OvsObservation extends Observation {
  readonly host: HostCapabilities;
  readonly slots: readonly Slot[];
  readonly bridges: ReadonlyMap<string, BridgeView>;
  readonly orphans: Orphans;
  /** Sluice's on physical ports, now or before. */
  readonly shared: readonly SharedQos[];
  /** Ports and interfaces whose queue or policer was in the kernel once and is not any more. */
  readonly lost: ReadonlySet<Uuid>;
  /** Interfaces that no policer stays on, with the index of their device. */
  readonly policedInVain: ReadonlyMap<Uuid, number | null>;
  /** Interfaces with something else than a UUID under the port key. */
  readonly ignored: number;
}

/** What is the same for every port. */
export type Circumstances = Pick<OvsObservation, 'host' | 'lost' | 'policedInVain'>;

/** What the database alone says. */
export interface DatabaseView extends Slots {
  readonly ports: readonly PluggedPort[];
  readonly orphans: Orphans;
  readonly physicalPorts: PhysicalPorts;
}

export interface ObservedFrom {
  readonly database: DatabaseView;
  readonly host: HostCapabilities;
  readonly lost: ReadonlySet<Uuid>;
  readonly policedInVain: ReadonlyMap<Uuid, number | null>;
  /** Null: not known yet. */
  readonly openflow: (bridge: string) => OpenFlowView | null;
}

/** What earlier views had, so that what did not change is the same object. */
export interface ViewMemory {
  readonly slots?: Memo<Slot>;
  readonly physicalPorts?: Memo<PhysicalPort>;
}

export function viewDatabase(
  database: Database,
  options: Pick<DriverOptions, 'bridges' | 'portKey' | 'physicalPorts'>,
  { slots, physicalPorts }: ViewMemory = {},
): DatabaseView {
  const found = findSlots(database, options.bridges, options.portKey, slots);
  return {
    ...found,
    ports: pluggedPorts(found.slots),
    orphans: findOrphans(database),
    physicalPorts: findPhysicalPorts(database, found.slots, options, physicalPorts),
  };
}

/** Null while a bridge is not known in full: nothing may be removed then (invariant 8). */
export function observation(from: ObservedFrom): OvsObservation | null {
  const { bridges: rows, slots, ignored, ports, orphans, physicalPorts } = from.database;
  const bridges = new Map<string, BridgeView>();
  for (const row of rows) {
    const openflow = from.openflow(row.name);
    if (openflow === null) return null;
    const reached = physicalPorts.byBridge.get(row.name) ?? [];
    bridges.set(row.name, { row, openflow, physicalPorts: reached });
  }
  const { host, lost, policedInVain } = from;
  const { shared } = physicalPorts;
  return { ports, host, slots, bridges, orphans, shared, lost, policedInVain, ignored };
}
