import type { MeterUnit } from '../../openflow/meters.ts';
import { meterKey, meterRecords } from './ids.ts';
import type { BridgeView, KnownOpenFlow } from './observe.ts';

/** A meter's id, and whether the bridge has it on record as Sluice's. */
export interface MeterId {
  readonly key: string;
  readonly meterId: number;
  readonly isRecorded: boolean;
}

/**
 * Chooses ids: the recorded one, else the lowest that is free from the middle of what the bridge has room for. People
 * number their own from 1, and older versions refuse ids beyond that room. An id that is in use on
 * the switch and not on record is somebody else's.
 */
export function meterIdsOf(
  view: BridgeView,
  openflow: KnownOpenFlow,
): (unit: MeterUnit, portId: string) => MeterId {
  const records = meterRecords(view.row.external_ids);
  const recorded = new Map(records.map(({ key, meterId }) => [key, meterId]));
  const taken = new Set([...openflow.meters.keys(), ...recorded.values()]);
  let next = Math.floor(openflow.features.maxMeters / 2) + 1;
  return (unit, portId) => {
    const key = meterKey(unit, portId);
    const known = recorded.get(key);
    if (known !== undefined) return { key, meterId: known, isRecorded: true };
    while (taken.has(next)) next += 1;
    taken.add(next);
    return { key, meterId: next, isRecorded: false };
  };
}
