import type { Flow } from '../../openflow/flows.ts';
import type { Meter } from '../../openflow/meters.ts';
import type { MeterRecords } from './meterRecords.ts';
import type { BridgeView, KnownOpenFlow, OvsObservation } from './observe.ts';
import type { PlanMemory } from './planMemory.ts';

/** Keys whose values are others; null where one came or went. */
export function changedKeys<K, V>(before: ReadonlyMap<K, V>, now: ReadonlyMap<K, V>): K[] | null {
  if (before === now) return [];
  if (before.size !== now.size) return null;
  const changed: K[] = [];
  for (const [key, value] of now) {
    const old = before.get(key);
    if (old === value) continue;
    if (old === undefined) return null;
    changed.push(key);
  }
  return changed;
}

/** Ports whose meters or flows are others than they were. Null where a bridge changed in more than meters and flows that are known to be some port's. */
export function touchedPorts(
  before: OvsObservation,
  now: OvsObservation,
  memory: PlanMemory,
): Set<string> | null {
  const ports = new Set<string>();
  for (const [name, view] of now.bridges) {
    const old = before.bridges.get(name);
    const touched = old && touchedOn(old, view, memory);
    if (!touched) return null;
    for (const portId of touched) ports.add(portId);
  }
  return ports;
}

function touchedOn(before: BridgeView, now: BridgeView, memory: PlanMemory): string[] | null {
  const [old, openflow] = [before.openflow, now.openflow];
  if (old.state !== 'known' || openflow.state !== 'known') return null;
  if (before.row !== now.row || !sameBut(old, openflow) || !sameList(before, now)) return null;
  const records = memory.records(now);
  if (!records.areDistinct || records.void.length > 0) return null;
  const meterIds = changedKeys(old.meters, openflow.meters);
  const flows = changedKeys(old.flows, openflow.flows);
  if (meterIds === null || flows === null) return null;
  const touched: string[] = [];
  for (const flow of flows)
    meterIds.push(...metersIn(old.flows.get(flow), openflow.flows.get(flow)));
  for (const meterId of meterIds) {
    const owner = records.ownerOf(meterId);
    if (owner === null) return null;
    touched.push(owner);
  }
  return touched;
}

/** Of a flow as it was and is; 0, which is nobody's, where it has none. */
function metersIn(...flows: readonly (Flow | undefined)[]): number[] {
  return flows.map((flow) => flow?.meter ?? 0);
}

function sameBut(a: KnownOpenFlow, b: KnownOpenFlow): boolean {
  const names = Object.keys(b) as (keyof KnownOpenFlow)[];
  return names.every((name) => name === 'meters' || name === 'flows' || a[name] === b[name]);
}

function sameList({ physicalPorts: a }: BridgeView, { physicalPorts: b }: BridgeView): boolean {
  return a.length === b.length && a.every((port, index) => port === b[index]);
}

/** Of a bridge only what is these ports', as flowLeftovers.ts has it: a flow is its meter's, else its OpenFlow port's. */
export function openflowOf(
  { openflow }: BridgeView,
  ports: ReadonlySet<string>,
  records: MeterRecords,
  ofports: ReadonlySet<number | null>,
): BridgeView['openflow'] {
  if (openflow.state !== 'known') return openflow;
  const meters = new Map<number, Meter>();
  for (const { portId, meterId } of records.all()) {
    const meter = ports.has(portId) ? openflow.meters.get(meterId) : undefined;
    if (meter) meters.set(meterId, meter);
  }
  const flows = new Map<string, Flow>();
  for (const [key, flow] of openflow.flows) {
    const owner = flow.meter === null ? null : records.ownerOf(flow.meter);
    const isTheirs = owner === null ? ofports.has(flow.match.inPort ?? null) : ports.has(owner);
    if (isTheirs) flows.set(key, flow);
  }
  return { ...openflow, meters, flows };
}
