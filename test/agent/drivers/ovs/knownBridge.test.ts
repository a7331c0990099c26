import { expect, it } from 'vitest';
import { KnownBridge } from '../../../../agent/drivers/ovs/knownBridge.ts';
import type { Meter } from '../../../../agent/openflow/meters.ts';
import { Snapshot } from '../../../../agent/openflow/snapshot.ts';

const meter: Meter = { id: 1, unit: 'kbps', bands: [{ rate: 1_000, burst: 800 }] };
const added = { kind: 'addMeter', meter } as const;
const nothing = () => new Snapshot([], []);

function knownToBeEmpty(): KnownBridge {
  const features = { maxMeters: 10, maxBands: 1, canDrop: true, units: [], canBurst: true };
  return new KnownBridge({ version: '3.1.0', features, foreign: new Map() }, nothing());
}

const metersOf = ({ view }: KnownBridge) => [...view.meters.values()];

it('what the switch took is known without a look, and gone by the first look that does not show it', () => {
  const known = knownToBeEmpty();
  known.beginWrite();
  known.endWrite([added]);
  expect(metersOf(known)).toEqual([meter]);

  expect(known.see(nothing(), known.writes)).toBe(true);
  expect(metersOf(known)).toEqual([]);
  const { view } = known;
  expect(known.see(nothing(), known.writes)).toBe(false);
  expect(known.view).toBe(view);
});

it('a look that was begun before a write, or in the midst of one, shows nothing', () => {
  const known = knownToBeEmpty();
  const before = known.writes;
  known.beginWrite();
  const during = known.writes;
  known.endWrite([added]);

  expect(known.see(nothing(), before)).toBe(false);
  expect(known.see(nothing(), during)).toBe(false);
  expect(metersOf(known)).toEqual([meter]);
});
