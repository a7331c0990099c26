import type { MeterUnit } from '../../openflow/meters.ts';
import { type MeterRecord, meterKey } from './ids.ts';
import type { MeterRecords } from './meterRecords.ts';
import type { KnownOpenFlow } from './observe.ts';

/**
 * Chooses ids: the recorded one, else the lowest that is free from the middle of what the bridge has room for. People
 * number their own from 1, and older versions refuse ids beyond that room. An id that is in use on
 * the switch and not on record is somebody else's.
 */
export function meterIdsOf(
  records: MeterRecords,
  openflow: KnownOpenFlow,
): (unit: MeterUnit, portId: string) => MeterRecord {
  let next = Math.floor(openflow.features.maxMeters / 2) + 1;
  let taken: ReadonlySet<number> | null = null;
  return (unit, portId) => {
    const known = records.get(unit, portId);
    if (known) return known;
    taken ??= new Set([...openflow.meters.keys(), ...records.all().map(({ meterId }) => meterId)]);
    while (taken.has(next)) next += 1;
    const meterId = next;
    next += 1;
    return { key: meterKey(unit, portId), meterId, portId };
  };
}
