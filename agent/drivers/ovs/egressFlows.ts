import type { Meter } from '../../openflow/meters.ts';
import { excludingKeys, including, isRow, mutate, type Operation } from '../../ovsdb/operations.ts';
import { type Check, change, type OpenFlowWrite, type OvsChange } from './aims.ts';
import { sameMeter } from './bridgeContents.ts';
import type { MeterAim } from './egress.ts';
import {
  absent,
  findLeftovers,
  forgetVoid,
  type Leftovers,
  meterFacts,
  takeAway,
} from './flowLeftovers.ts';
import { flowKey, flowsFor, sameFlow } from './flows.ts';
import { describeForeign } from './foreignFlows.ts';
import { meterIdsOf } from './meterIds.ts';
import type { MeterRecords } from './meterRecords.ts';
import type { BridgeView, KnownOpenFlow } from './observe.ts';
import type { PlanMemory } from './planMemory.ts';
import type { Slot } from './ports.ts';
import { bridges } from './tables.ts';
import type { FlowWish, WantedFlow, WantedFlows, WantedMeter } from './wantedFlows.ts';

export interface BridgeWishes {
  readonly view: BridgeView;
  readonly wishes: readonly FlowWish[];
  /** Slots of ports whose flows and meters are to stay as they are. */
  readonly kept: readonly Slot[];
  /** All slots of the bridge, to tell whose a flow is. */
  readonly slots: readonly Slot[];
}

export interface PlannedFlows {
  readonly changes: readonly OvsChange[];
  /** By port id. */
  readonly checks: ReadonlyMap<string, readonly Check[]>;
  /** Why a port's flows cannot be, also by port id. */
  readonly obstacles: ReadonlyMap<string, string>;
}

/** Meters and flows of a bridge: what is missing is made, what differs changes in place, what is left over goes. */
export function planFlows(bridge: BridgeWishes, memory: PlanMemory): PlannedFlows {
  const { view } = bridge;
  const { openflow } = view;
  if (openflow.state !== 'known') return { changes: [], checks: new Map(), obstacles: new Map() };
  const records = memory.records(view).settled(meterFacts(openflow, bridge.slots));
  const idOf = meterIdsOf(records, openflow);
  const wanted = bridge.wishes.map((wish) => want(wish, idOf, memory));
  const leftovers = findLeftovers(records, openflow, {
    records: new Set(wanted.flatMap(({ meters }) => meters.map(({ record }) => record))),
    flowKeys: new Set(wanted.flatMap(({ flows }) => flows.map(({ key }) => key))),
    keptPorts: new Set(bridge.kept.map(({ portId }) => portId)),
    slots: bridge.slots,
  });
  const changes: OvsChange[] = [];
  const checks = new Map<string, readonly Check[]>();
  const obstacles = new Map<string, string>();
  for (const each of wanted) {
    const { portId } = each.wish.head;
    const left = leftovers.get(portId);
    const obstacle = foreignAmong(each, view.row.name, openflow);
    if (obstacle !== null) {
      obstacles.set(portId, obstacle);
      continue;
    }
    leftovers.delete(portId);
    if (left || !isThere(each, openflow, records))
      changes.push(enforce(view, openflow, records, each, left));
    const toCheck = () => [...present(view, each), ...absent(view, left)];
    checks.set(portId, memory.checks.answer(portId, [view.row.name, each, left], toCheck));
  }
  for (const [portId, left] of leftovers) {
    changes.push(clean(view, openflow, portId, left));
    if (portId !== null) checks.set(portId, absent(view, left));
  }
  const wantedKeys = new Set(
    wanted.flatMap(({ meters }) => meters.map(({ record }) => record.key)),
  );
  changes.push(
    ...forgetVoid(
      view,
      records.void.filter((key) => !wantedKeys.has(key)),
    ),
  );
  return { changes, checks, obstacles };
}

function want(
  wish: FlowWish,
  idOf: ReturnType<typeof meterIdsOf>,
  memory: PlanMemory,
): WantedFlows {
  const { head, slot, aim, queueId } = wish;
  const records = aim.meters.map(({ unit }) => idOf(unit, head.portId));
  return memory.flows.answer(head.portId, [head, slot, aim, queueId, ...records], () => {
    const flows = flowsFor({
      ofport: slot.interface.ofport ?? 0,
      meterIds: records.map(({ meterId }) => meterId),
      dscpMark: aim.dscpMark,
      queueId,
    });
    return {
      wish,
      meters: aim.meters.flatMap((each, index) => {
        const record = records[index];
        return record ? [{ record, meter: meterOf(record.meterId, each) }] : [];
      }),
      flows: flows.map((flow) => ({ key: flowKey(flow), flow })),
    };
  });
}

function isThere(
  { meters, flows }: WantedFlows,
  there: KnownOpenFlow,
  records: MeterRecords,
): boolean {
  return (
    meters.every(({ record, meter }) => records.has(record) && holdsMeter(there, meter)) &&
    flows.every((flow) => holdsFlow(there, flow))
  );
}

/** What Sluice has for the port stays meanwhile, but for what is left over. */
function foreignAmong(
  { flows }: WantedFlows,
  bridge: string,
  { foreign }: KnownOpenFlow,
): string | null {
  if (foreign.size === 0) return null;
  const found = flows.flatMap(({ key }) => foreign.get(key) ?? []);
  return found[0] ? describeForeign(bridge, found[0]) : null;
}

function holdsMeter({ meters }: KnownOpenFlow, meter: Meter): boolean {
  const now = meters.get(meter.id);
  return now !== undefined && sameMeter(now, meter);
}

function holdsFlow({ flows }: KnownOpenFlow, { key, flow }: WantedFlow): boolean {
  const now = flows.get(key);
  return now !== undefined && sameFlow(now, flow);
}

function meterOf(id: number, { unit, rate, burst }: MeterAim): Meter {
  return { id, unit, bands: [{ rate, burst }] };
}

function enforce(
  view: BridgeView,
  openflow: KnownOpenFlow,
  records: MeterRecords,
  { wish, meters, flows }: WantedFlows,
  left: Leftovers | undefined,
): OvsChange {
  const put = [...putMeters(meters, openflow), ...putFlows(flows, openflow)];
  const secure = record(
    view,
    meters.filter((meter) => !records.has(meter.record)),
  );
  const steps = { secure, put, ...takeAway(view, openflow, left) };
  const sentence = `${view.row.name}: ${describe(wish)}.`;
  return change(
    { ...wish.head, mechanism: 'openflow', sentence },
    { bridge: view.row.name, ...steps },
  );
}

function clean(
  view: BridgeView,
  openflow: KnownOpenFlow,
  portId: string | null,
  left: Leftovers,
): OvsChange {
  const what = portId === null ? 'flows that no port has' : `what held port ${portId}`;
  const sentence = `${view.row.name}: remove ${what}.`;
  const head = { portId, direction: 'EGRESS', mechanism: 'openflow', sentence } as const;
  return change(head, { bridge: view.row.name, ...takeAway(view, openflow, left) });
}

/** Before a meter is made, so that it is Sluice's for sure whatever happens in between. */
function record(view: BridgeView, added: readonly WantedMeter[]): Operation[] {
  if (added.length === 0) return [];
  const pairs = new Map(added.map(({ record }) => [record.key, String(record.meterId)]));
  const stale = [...pairs.keys()].filter((key) => view.row.external_ids.has(key));
  const mutations = [including(bridges, 'external_ids', pairs)];
  // A key that is there keeps its value when it is only inserted (RFC 7047 §5.1).
  if (stale.length > 0) mutations.unshift(excludingKeys(bridges, 'external_ids', stale));
  return [mutate(bridges, [isRow(view.row._uuid)], mutations)];
}

function putMeters(meters: readonly WantedMeter[], there: KnownOpenFlow): OpenFlowWrite[] {
  return meters
    .filter(({ meter }) => !holdsMeter(there, meter))
    .map(({ meter }) => ({ kind: there.meters.has(meter.id) ? 'modifyMeter' : 'addMeter', meter }));
}

function putFlows(flows: readonly WantedFlow[], there: KnownOpenFlow): OpenFlowWrite[] {
  return flows
    .filter((wanted) => !holdsFlow(there, wanted))
    .map(({ flow }) => ({ kind: 'addFlow', flow }));
}

function present(view: BridgeView, { meters, flows }: WantedFlows): Check[] {
  const bridge = view.row.name;
  return [
    ...meters.map(({ meter }) => ({ kind: 'meter', bridge, meter }) as const),
    ...flows.map(({ flow }) => ({ kind: 'flow', bridge, flow }) as const),
  ];
}

function describe({ slot, aim, queueId }: FlowWish): string {
  const rates = aim.meters.map(({ unit, rate, burst }) =>
    unit === 'kbps' ? `${rate} kbit/s (burst ${burst} kbit)` : `${rate} packets/s`,
  );
  const verbs = [
    ...(rates.length > 0 ? [`hold to ${rates.join(' and ')}`] : []),
    ...(aim.dscpMark === null ? [] : [`mark with DSCP ${aim.dscpMark}`]),
    ...(queueId === null ? [] : [`put into queue ${queueId}`]),
  ];
  return `${verbs.join(', ')} what comes from ${slot.interface.name}, by OpenFlow`;
}
