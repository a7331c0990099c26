import { describe, expect, it } from 'vitest';
import type { Missing } from '../../../../agent/drivers/ovs/findings.ts';
import { LostLimits } from '../../../../agent/drivers/ovs/lostLimits.ts';
import { id } from './world.ts';

const device = { name: 'p1', ifindex: 5 };
const queue: Missing = {
  kind: 'htb',
  device,
  bridge: 'br0',
  row: id('p1'),
  rateKbps: 1,
  burstKbps: 1,
};
const policer: Missing = {
  kind: 'police',
  device,
  bridge: 'br0',
  row: id('i1'),
  rateKbps: 1,
  burstKbps: 1,
  rateKpps: null,
  burstKpps: null,
};

describe('limits that the kernel has lost', () => {
  it('are set up anew once, and again only after a minute', () => {
    let nowMs = 0;
    const lost = new LostLimits(() => nowMs);
    expect(lost.note({ missing: [queue] })).toBe(true);
    expect([...lost.rows]).toEqual(['p1']);
    lost.retried();
    expect([...lost.rows]).toEqual([]);
    nowMs = 59_000;
    expect(lost.note({ missing: [queue] })).toBe(false);
    nowMs = 61_000;
    expect(lost.note({ missing: [queue] })).toBe(true);
  });

  it('are set up anew each time that they held in between', () => {
    const lost = new LostLimits(() => 0);
    for (let time = 1; time <= 2; time += 1) {
      expect(lost.note({ missing: [policer] })).toBe(true);
      lost.retried();
      expect(lost.note({ missing: [], held: [policer.row] })).toBe(false);
    }
    expect(lost.policedInVain.size).toBe(0);
  });

  it('have another burst: set up anew once for each, and as often as they held in between', () => {
    const lost = new LostLimits(() => 0);
    const noteBurst = (burstKbps: number) =>
      lost.note({ missing: [], altered: [{ row: policer.row, burstKbps }] });
    expect(noteBurst(100)).toBe(true);
    expect([...lost.rows]).toEqual(['i1']);
    lost.retried();
    expect(noteBurst(100)).toBe(false);
    expect(noteBurst(200)).toBe(true);
    lost.retried();
    lost.note({ missing: [], held: [policer.row] });
    expect(noteBurst(200)).toBe(true);
    expect(lost.policedInVain.size).toBe(0);
  });

  it('tell an interface that takes no policer from one that lost its policer', () => {
    const lost = new LostLimits(() => 0);
    const other: Missing = { ...policer, row: id('i2') };
    expect(lost.note({ missing: [policer] })).toBe(true);
    lost.retried();
    expect(lost.policedInVain.size).toBe(0);
    expect(lost.note({ missing: [policer, other] })).toBe(true);
    expect([...lost.policedInVain]).toEqual([['i1', 5]]);
    expect([...lost.rows]).toEqual(['i2']);
    lost.retried();
    expect(lost.note({ missing: [policer] })).toBe(false);
    // Another device under that name may take one.
    expect(lost.note({ missing: [{ ...policer, device: { name: 'p1', ifindex: 6 } }] })).toBe(true);
    lost.reset();
    expect(lost.policedInVain.size).toBe(0);
  });
});
