import fc from 'fast-check';
import { meterKey } from '../../../../../agent/drivers/ovs/ids.ts';
import { bridges, type Database } from '../../../../../agent/drivers/ovs/tables.ts';
import { isRow, type Operation, update } from '../../../../../agent/ovsdb/operations.ts';
import { bridgeNames, portIdOf, portNumber } from './lab.ts';

/** Something that somebody did to a bridge's records of meters; a null value takes the record away. */
export type RecordScar = {
  readonly of: 'record';
  readonly bridge: string;
  readonly key: string;
} & (
  | { readonly kind: 'record'; readonly value: string | null }
  | { readonly kind: 'copyRecord'; readonly from: string }
);

const portKey = fc
  .tuple(fc.constantFrom('kbps' as const, 'pktps' as const), portNumber)
  .map(([unit, n]) => meterKey(unit, portIdOf(n)));
const noKey = fc.constantFrom(meterKey('kbps', 'garbage'), 'sluice-meter-kbps-', 'sluice-meter');
const meterId = fc.oneof(
  fc.constantFrom('1', '131073', '131074', '300000'),
  fc.constantFrom('', 'x', '-1', '0', '1.5', '0x20001', '4294967295'),
);
const head = { of: fc.constant('record' as const), bridge: fc.constantFrom(...bridgeNames) };

export const recordScar: fc.Arbitrary<RecordScar> = fc.oneof(
  fc.record({
    ...head,
    kind: fc.constant('record'),
    key: fc.oneof(portKey, noKey),
    value: fc.option(meterId),
  }),
  fc.record({ ...head, kind: fc.constant('copyRecord'), key: portKey, from: portKey }),
);

/** The operations that make a scar. None where what it is about is not there. */
export function recordWrites(scar: RecordScar, { Bridge }: Database): readonly Operation[] {
  const row = Bridge.values().find(({ name }) => name === scar.bridge);
  const value = scar.kind === 'record' ? scar.value : row?.external_ids.get(scar.from);
  if (!row || value === undefined) return [];
  const external_ids = new Map(row.external_ids);
  external_ids.delete(scar.key);
  if (value !== null) external_ids.set(scar.key, value);
  return [update(bridges, [isRow(row._uuid)], { external_ids })];
}
