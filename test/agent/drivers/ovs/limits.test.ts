import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  kbpsBucket,
  kppsBucket,
  meterBounds,
  packetKbits,
  policerBounds,
  policerBurstToTell,
  queueBounds,
} from '../../../../agent/drivers/ovs/limits.ts';

const asked = fc.record({
  maxKbps: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  maxBurstKbps: fc.option(fc.integer({ min: 0, max: 2 ** 31 - 1 })),
});
const mtus = fc.integer({ min: 68, max: 65_535 });
const versions = fc.constantFrom(null, '2.17.0', '3.1.0', '3.2.0', '4.0.1');

const kinds = fc.constantFrom(policerBounds, queueBounds);

describe('a bucket', () => {
  it.each([
    [1_500, 13],
    [9_000, 73],
  ])('lets a packet of MTU %i pass from %i kbit on', (mtu, kbits) => {
    expect(packetKbits(mtu)).toBe(kbits);
  });

  it('holds 80 % of the rate unless told otherwise, and TCP’s first window at least', () => {
    const bucketOf = (maxKbps: number) =>
      kbpsBucket({ maxKbps, maxBurstKbps: null }, 1_500, meterBounds);
    expect(bucketOf(10_000)).toEqual({ rate: 10_000, burst: 8_000, notes: [] });
    expect(bucketOf(100)).toEqual({ rate: 100, burst: 130, notes: [] });
    expect(bucketOf(1)).toEqual({ rate: 1, burst: 130, notes: [] });
  });

  it('says so when it is made larger than asked for', () => {
    const { burst, notes } = kbpsBucket({ maxKbps: 10, maxBurstKbps: 1 }, 9_000, meterBounds);
    expect(burst).toBe(73);
    expect(notes).toEqual([
      'A burst of 1 kbit was asked for; 73 is the least that lets a packet of MTU 9000 pass.',
    ]);
  });

  it('is within what the kernel can hold, and every change of what was asked is said', () => {
    fc.assert(
      fc.property(asked, mtus, versions, kinds, (limit, mtu, version, boundsOf) => {
        const bounds = boundsOf(limit.maxKbps, version);
        const { rate, burst, notes } = kbpsBucket(limit, mtu, bounds);
        expect((burst * 1000) / 8).toBeLessThan(2 ** 32);
        if (version === null || version < '3.2') expect((rate * 1000) / 8).toBeLessThan(2 ** 32);
        const isRateAsAsked = rate === limit.maxKbps;
        const isBurstAsAsked = limit.maxBurstKbps === null || burst === limit.maxBurstKbps;
        expect(notes.length === 0).toBe(isRateAsAsked && isBurstAsAsked);
      }),
    );
  });

  it('of a queue fills with 12 kbit/s at least, which is said', () => {
    const bucket = kbpsBucket({ maxKbps: 1, maxBurstKbps: null }, 1_500, queueBounds(1, '3.1.0'));
    expect(bucket).toMatchObject({
      rate: 12,
      notes: ['1 kbit/s was asked for; Open vSwitch 3.1.0 on this host holds 12 at least.'],
    });
  });

  it('of a policer over 34 Gbit/s is told so that the kernel comes to what was meant', () => {
    const burst = 4_194_303;
    expect(policerBurstToTell({ rate: 30_000_000, burst })).toBe(burst);
    const told = policerBurstToTell({ rate: 40_000_000, burst });
    expect((told * 40_000_000) / 34_359_738).toBeCloseTo(burst, -1);
    expect(policerBurstToTell({ rate: 2_147_483_647, burst: 13 })).toBe(1);
  });

  it('of packets holds at least a thousand', () => {
    expect(kppsBucket({ maxKpps: 1, maxBurstKpps: null })).toMatchObject({ rate: 1, burst: 1 });
    expect(kppsBucket({ maxKpps: 10, maxBurstKpps: null })).toMatchObject({ burst: 8 });
    expect(kppsBucket({ maxKpps: 10, maxBurstKpps: 0 })).toMatchObject({ burst: 1 });
  });
});
