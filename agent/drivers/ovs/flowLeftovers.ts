import type { Flow } from '../../openflow/flows.ts';
import { excludingKeys, isRow, type Mutation, mutate } from '../../ovsdb/operations.ts';
import { type Check, change, type OpenFlowWrite, type OvsChange } from './aims.ts';
import type { MeterRecord } from './ids.ts';
import type { MeterFacts, MeterRecords } from './meterRecords.ts';
import type { BridgeView, KnownOpenFlow } from './observe.ts';
import type { Slot } from './ports.ts';
import { bridges } from './tables.ts';

/** What is on the switch and no wish accounts for. */
export interface Leftovers {
  readonly flows: Flow[];
  readonly records: MeterRecord[];
}

/** What is accounted for. */
export interface Used {
  readonly records: ReadonlySet<MeterRecord>;
  readonly flowKeys: ReadonlySet<string>;
  /** Whatever these ports have stays. */
  readonly keptPorts: ReadonlySet<string | null>;
  /** All of the bridge, to tell whose a flow is. */
  readonly slots: readonly Slot[];
}

/** By the port that each belongs to; null: nobody can tell any more. */
export function findLeftovers(
  records: MeterRecords,
  openflow: KnownOpenFlow,
  used: Used,
): Map<string | null, Leftovers> {
  const leftovers = new Map<string | null, Leftovers>();
  const of = (portId: string | null): Leftovers => {
    const left = leftovers.get(portId) ?? { flows: [], records: [] };
    leftovers.set(portId, left);
    return left;
  };
  for (const record of records.all()) {
    if (used.records.has(record) || used.keptPorts.has(record.portId)) continue;
    of(record.portId).records.push(record);
  }
  const unused = unusedFlows(openflow, used);
  if (unused.length === 0) return leftovers;
  const ownerOf = flowOwners(records, used.slots);
  for (const flow of unused) {
    const owner = ownerOf(flow);
    if (!used.keptPorts.has(owner)) of(owner).flows.push(flow);
  }
  return leftovers;
}

function unusedFlows({ flows }: KnownOpenFlow, { flowKeys }: Used): Flow[] {
  const unused: Flow[] = [];
  for (const [key, flow] of flows) if (!flowKeys.has(key)) unused.push(flow);
  return unused;
}

/** A flow's meter is on record for a port; one that only marks is known by the port that it matches. */
function flowOwners(records: MeterRecords, slots: readonly Slot[]) {
  const byMeter = new Map(records.all().map(({ meterId, portId }) => [meterId, portId]));
  const byOfport = new Map(slots.map((slot) => [slot.interface.ofport, slot.portId]));
  return ({ meter, match }: Flow): string | null =>
    (meter === null ? null : byMeter.get(meter)) ?? byOfport.get(match.inPort ?? null) ?? null;
}

export function meterFacts(
  { features, meters, flows }: KnownOpenFlow,
  slots: readonly Slot[],
): MeterFacts {
  return {
    canBe: (meterId) => meterId <= features.maxMeters || meters.has(meterId),
    holds({ meterId, portId }) {
      const own = slots.filter((slot) => slot.portId === portId);
      const ofports = new Set(own.map((slot) => slot.interface.ofport));
      return flows
        .values()
        .some(({ meter, match }) => meter === meterId && ofports.has(match.inPort ?? 0));
    },
  };
}

/** Records that name no meter, or one that is another port's. */
export function forgetVoid(view: BridgeView, keys: readonly string[]): OvsChange[] {
  if (keys.length === 0) return [];
  const sentence = `${view.row.name}: forget ${keys.length} records that name no meter of their port.`;
  const head = { portId: null, direction: 'EGRESS', mechanism: 'openflow', sentence } as const;
  const forget = excludingKeys(bridges, 'external_ids', keys);
  return [change(head, { release: [mutate(bridges, [isRow(view.row._uuid)], [forget])] })];
}

/** Flows before the meters that they name, and the record last: it must outlive the meter. */
export function takeAway(view: BridgeView, { meters }: KnownOpenFlow, left: Leftovers | undefined) {
  const { flows = [], records = [] } = left ?? {};
  const drop: OpenFlowWrite[] = [
    ...flows.map((flow) => ({ kind: 'deleteFlow', flow }) as const),
    ...records
      .filter(({ meterId }) => meters.has(meterId))
      .map(({ meterId }) => ({ kind: 'deleteMeter', meterId }) as const),
  ];
  const keys = records.map(({ key }) => key);
  const forget: Mutation = excludingKeys(bridges, 'external_ids', keys);
  const release = keys.length > 0 ? [mutate(bridges, [isRow(view.row._uuid)], [forget])] : [];
  return { drop, release };
}

/** What has to be read before anybody may say that it is gone. */
export function absent(view: BridgeView, left: Leftovers | undefined): Check[] {
  const bridge = view.row.name;
  const { flows = [], records = [] } = left ?? {};
  return [
    ...records.map(({ meterId }) => ({ kind: 'meterAbsent', bridge, meterId }) as const),
    ...flows.map((flow) => ({ kind: 'flowAbsent', bridge, flow }) as const),
  ];
}
