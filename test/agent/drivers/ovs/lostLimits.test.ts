import { describe, expect, it } from 'vitest';
import { LostLimits } from '../../../../agent/drivers/ovs/lostLimits.ts';
import type { Missing } from '../../../../agent/drivers/ovs/readBack.ts';
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
    expect(lost.note([queue])).toBe(true);
    expect([...lost.rows]).toEqual(['p1']);
    lost.retried();
    expect([...lost.rows]).toEqual([]);
    nowMs = 59_000;
    expect(lost.note([queue])).toBe(false);
    nowMs = 61_000;
    expect(lost.note([queue])).toBe(true);
  });

  it('are set up anew each time that they held in between', () => {
    const lost = new LostLimits(() => 0);
    for (let time = 1; time <= 2; time += 1) {
      expect(lost.note([policer])).toBe(true);
      lost.retried();
      expect(lost.note([], [policer.row])).toBe(false);
    }
    expect(lost.isPolicingInVain).toBe(false);
  });

  it('tell a kernel that cannot police from one that lost a policer', () => {
    const lost = new LostLimits(() => 0);
    expect(lost.note([policer])).toBe(true);
    lost.retried();
    expect(lost.isPolicingInVain).toBe(false);
    expect(lost.note([policer])).toBe(true);
    expect(lost.isPolicingInVain).toBe(true);
    expect(lost.note([policer])).toBe(false);
    lost.reset();
    expect(lost.isPolicingInVain).toBe(false);
  });
});
