import type { Flow } from '../../openflow/flows.ts';
import type { Meter } from '../../openflow/meters.ts';
import { excludingKeys, including, isRow, mutate, type Operation } from '../../ovsdb/operations.ts';
import { type AimHead, type Check, change, type OpenFlowWrite, type OvsChange } from './aims.ts';
import { sameMeter } from './bridgeContents.ts';
import type { EgressAim, MeterAim } from './egress.ts';
import { absent, findLeftovers, type Leftovers, takeAway } from './flowLeftovers.ts';
import { flowKey, flowsFor, sameFlow } from './flows.ts';
import { type MeterId, meterIdsOf } from './meterIds.ts';
import type { BridgeView, KnownOpenFlow } from './observe.ts';
import type { Slot } from './ports.ts';
import { bridges } from './tables.ts';

/** One port whose EGRESS takes flows on a bridge. */
export interface FlowWish {
  readonly head: AimHead;
  readonly slot: Slot;
  readonly aim: EgressAim;
  /** The queue that its packets take on physical ports. */
  readonly queueId: number | null;
}

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
}

interface WantedMeter extends MeterId {
  readonly meter: Meter;
}

/** A wish with everything that it takes on the switch. */
interface Wanted {
  readonly wish: FlowWish;
  readonly meters: readonly WantedMeter[];
  readonly flows: readonly Flow[];
}

/** Meters and flows of a bridge: what is missing is made, what differs changes in place, what is left over goes. */
export function planFlows(bridge: BridgeWishes): PlannedFlows {
  const { view } = bridge;
  const { openflow } = view;
  if (openflow.state !== 'known') return { changes: [], checks: new Map() };
  const idOf = meterIdsOf(view, openflow);
  const wanted = bridge.wishes.map((wish) => want(wish, idOf));
  const leftovers = findLeftovers(view, openflow, {
    meterKeys: new Set(wanted.flatMap(({ meters }) => meters.map(({ key }) => key))),
    flowKeys: new Set(wanted.flatMap(({ flows }) => flows.map(flowKey))),
    keptPorts: new Set(bridge.kept.map(({ portId }) => portId)),
    slots: bridge.slots,
  });
  const changes: OvsChange[] = [];
  const checks = new Map<string, readonly Check[]>();
  for (const each of wanted) {
    const { portId } = each.wish.head;
    const left = leftovers.get(portId);
    leftovers.delete(portId);
    changes.push(...enforce(view, openflow, each, left));
    checks.set(portId, [...present(view, each), ...absent(view, left)]);
  }
  for (const [portId, left] of leftovers) {
    changes.push(...clean(view, openflow, portId, left));
    if (portId !== null) checks.set(portId, absent(view, left));
  }
  return { changes, checks };
}

function want(wish: FlowWish, idOf: ReturnType<typeof meterIdsOf>): Wanted {
  const meters = wish.aim.meters.map((aim) => {
    const id = idOf(aim.unit, wish.head.portId);
    return { ...id, meter: meterOf(id.meterId, aim) };
  });
  const flows = flowsFor({
    ofport: wish.slot.interface.ofport ?? 0,
    meterIds: meters.map(({ meterId }) => meterId),
    dscpMark: wish.aim.dscpMark,
    queueId: wish.queueId,
  });
  return { wish, meters, flows };
}

function meterOf(id: number, { unit, rate, burst }: MeterAim): Meter {
  return { id, unit, bands: [{ rate, burst }] };
}

function enforce(
  view: BridgeView,
  openflow: KnownOpenFlow,
  { wish, meters, flows }: Wanted,
  left: Leftovers | undefined,
): OvsChange[] {
  const put = [...putMeters(meters, openflow), ...putFlows(flows, openflow)];
  const secure = record(
    view,
    meters.filter(({ isRecorded }) => !isRecorded),
  );
  const steps = { secure, put, ...takeAway(view, openflow, left) };
  if (Object.values(steps).every(({ length }) => length === 0)) return [];
  const sentence = `${view.row.name}: ${describe(wish)}.`;
  return [
    change({ ...wish.head, mechanism: 'openflow', sentence }, { bridge: view.row.name, ...steps }),
  ];
}

function clean(
  view: BridgeView,
  openflow: KnownOpenFlow,
  portId: string | null,
  left: Leftovers,
): OvsChange[] {
  const what = portId === null ? 'flows that no port has' : `what held port ${portId}`;
  const sentence = `${view.row.name}: remove ${what}.`;
  const head = { portId, direction: 'EGRESS', mechanism: 'openflow', sentence } as const;
  return [change(head, { bridge: view.row.name, ...takeAway(view, openflow, left) })];
}

/** Before a meter is made, so that it is Sluice's for sure whatever happens in between. */
function record(view: BridgeView, added: readonly WantedMeter[]): Operation[] {
  if (added.length === 0) return [];
  const pairs = new Map(added.map(({ key, meterId }) => [key, String(meterId)]));
  // A key that is there keeps its value when it is only inserted (RFC 7047 §5.1).
  const forget = excludingKeys(bridges, 'external_ids', [...pairs.keys()]);
  const insert = including(bridges, 'external_ids', pairs);
  return [mutate(bridges, [isRow(view.row._uuid)], [forget, insert])];
}

function putMeters(
  meters: readonly WantedMeter[],
  { meters: there }: KnownOpenFlow,
): OpenFlowWrite[] {
  return meters.flatMap(({ meter }): OpenFlowWrite[] => {
    const now = there.get(meter.id);
    if (!now) return [{ kind: 'addMeter', meter }];
    return sameMeter(now, meter) ? [] : [{ kind: 'modifyMeter', meter }];
  });
}

function putFlows(flows: readonly Flow[], { flows: there }: KnownOpenFlow): OpenFlowWrite[] {
  return flows.flatMap((flow): OpenFlowWrite[] => {
    const now = there.get(flowKey(flow));
    return now && sameFlow(now, flow) ? [] : [{ kind: 'addFlow', flow }];
  });
}

function present(view: BridgeView, { meters, flows }: Wanted): Check[] {
  const bridge = view.row.name;
  return [
    ...meters.map(({ meter }) => ({ kind: 'meter', bridge, meter }) as const),
    ...flows.map((flow) => ({ kind: 'flow', bridge, flow }) as const),
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
