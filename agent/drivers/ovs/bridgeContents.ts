import type { Flow, FlowStats } from '../../openflow/flows.ts';
import type { Meter } from '../../openflow/meters.ts';
import type { Snapshot } from '../../openflow/snapshot.ts';
import type { OpenFlowWrite } from './aims.ts';
import { flowKey, plainFlow, sameFlow } from './flows.ts';

/** Meters by id, and Sluice's flows by `flowKey`. */
export interface BridgeContents {
  readonly meters: ReadonlyMap<number, Meter>;
  readonly flows: ReadonlyMap<string, Flow>;
}

export function contentsIn({ meters, flows }: Snapshot): BridgeContents {
  return contentsOf(meters, flows);
}

export function contentsOf(meters: readonly Meter[], flows: readonly FlowStats[]): BridgeContents {
  return {
    meters: new Map(meters.map((meter) => [meter.id, meter])),
    flows: new Map(flows.map((flow) => [flowKey(flow), plainFlow(flow)])),
  };
}

export function sameContents(a: BridgeContents, b: BridgeContents): boolean {
  return same(a.meters, b.meters, sameMeter) && same(a.flows, b.flows, sameFlow);
}

export function sameMeter(a: Meter, b: Meter): boolean {
  return (
    a.id === b.id &&
    a.unit === b.unit &&
    a.bands.length === b.bands.length &&
    a.bands.every((band, n) => band.rate === b.bands[n]?.rate && band.burst === b.bands[n]?.burst)
  );
}

/** What is there after writes that the switch took. */
export function withWrites(
  contents: BridgeContents,
  writes: readonly OpenFlowWrite[],
): BridgeContents {
  const meters = new Map(contents.meters);
  const flows = new Map(contents.flows);
  for (const write of writes) {
    if (write.kind === 'deleteMeter') meters.delete(write.meterId);
    else if (write.kind === 'deleteFlow') flows.delete(flowKey(write.flow));
    else if (write.kind === 'addFlow') flows.set(flowKey(write.flow), write.flow);
    else meters.set(write.meter.id, write.meter);
  }
  return { meters, flows };
}

function same<K, V>(
  a: ReadonlyMap<K, V>,
  b: ReadonlyMap<K, V>,
  equal: (left: V, right: V) => boolean,
): boolean {
  if (a.size !== b.size) return false;
  for (const [key, value] of a) {
    const other = b.get(key);
    if (other === undefined || !equal(value, other)) return false;
  }
  return true;
}
