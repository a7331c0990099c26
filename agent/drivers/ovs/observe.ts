import type { Flow } from '../../openflow/flows.ts';
import type { Meter, MeterFeatures } from '../../openflow/meters.ts';
import type { Uuid } from '../../ovsdb/notation.ts';
import type { Observation } from '../driver.ts';
import type { HostCapabilities } from './capabilities.ts';
import { portMark } from './ids.ts';
import { findSlots, isOurs, pluggedPorts, type Slot } from './ports.ts';
import type { BridgeRow, Database, QosRow } from './tables.ts';

/** A bridge's meters and Sluice's flows in it, as last read, or why they cannot be had. */
export type OpenFlowView =
  | {
      readonly state: 'known';
      /** Counts connections: what an earlier one showed says nothing about this one. */
      readonly generation: number;
      /** Of the software, such as 3.1.0. */
      readonly version: string;
      readonly features: MeterFeatures;
      /** All meters, whoever made them, by id. */
      readonly meters: ReadonlyMap<number, Meter>;
      /** Sluice's flows by `flowKey`. */
      readonly flows: ReadonlyMap<string, Flow>;
    }
  | { readonly state: 'refused'; readonly reason: string };

export interface BridgeView {
  readonly row: BridgeRow;
  readonly openflow: OpenFlowView;
}

/** Rows of Sluice's that no port names any more. */
export interface Orphans {
  readonly qos: readonly QosRow[];
  readonly queues: readonly Uuid[];
}

/** Everything that a plan is made from. */
export interface OvsObservation extends Observation {
  readonly host: HostCapabilities;
  readonly slots: readonly Slot[];
  readonly bridges: ReadonlyMap<string, BridgeView>;
  readonly orphans: Orphans;
  /** Ports and interfaces whose queue or policer was in the kernel once and is not any more. */
  readonly lost: ReadonlySet<Uuid>;
  /** Interfaces with something else than a UUID under the port key. */
  readonly ignored: number;
}

export interface ObservedFrom {
  readonly database: Database;
  readonly only: readonly string[] | null;
  readonly portKey: string;
  readonly host: HostCapabilities;
  readonly lost: ReadonlySet<Uuid>;
  /** Null: not known yet. */
  readonly openflow: (bridge: string) => OpenFlowView | null;
}

/** Null while a bridge is not known in full: nothing may be removed then (invariant 8). */
export function observation(from: ObservedFrom): OvsObservation | null {
  const { bridges: rows, slots, ignored } = findSlots(from.database, from.only, from.portKey);
  const bridges = new Map<string, BridgeView>();
  for (const row of rows) {
    const openflow = from.openflow(row.name);
    if (openflow === null) return null;
    bridges.set(row.name, { row, openflow });
  }
  return {
    ports: pluggedPorts(slots),
    host: from.host,
    slots,
    bridges,
    orphans: findOrphans(from.database),
    lost: from.lost,
    ignored,
  };
}

/** QoS and Queue are root tables: they outlive the port that named them (ovs-vswitchd.conf.db(5)). */
function findOrphans(database: Database): Orphans {
  const attached = new Set([...database.Port.values()].map(({ qos }) => qos));
  const ours = [...database.QoS.values()].filter(isOurs);
  const orphanQos = ours.filter(({ _uuid }) => !attached.has(_uuid));
  const queued = new Set<Uuid>();
  for (const row of database.QoS.values()) {
    if (!orphanQos.includes(row)) for (const queue of row.queues.values()) queued.add(queue);
  }
  const orphanQueues = [...database.Queue.values()].filter(
    ({ _uuid, external_ids }) => external_ids.has(portMark) && !queued.has(_uuid),
  );
  return { qos: orphanQos, queues: orphanQueues.map(({ _uuid }) => _uuid) };
}
