import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  kbpsBucket,
  kernelCeiling,
  kppsBucket,
  meterCeiling,
  packetKbits,
} from '../../../../agent/drivers/ovs/limits.ts';

const asked = fc.record({
  maxKbps: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  maxBurstKbps: fc.option(fc.integer({ min: 0, max: 2 ** 31 - 1 })),
});
const mtus = fc.integer({ min: 68, max: 65_535 });
const versions = fc.constantFrom(null, '2.17.0', '3.1.0', '3.2.0', '4.0.1');

describe('a bucket', () => {
  it.each([
    [1_500, 13],
    [9_000, 73],
  ])('lets a packet of MTU %i pass from %i kbit on', (mtu, kbits) => {
    expect(packetKbits(mtu)).toBe(kbits);
  });

  it('holds 80 % of the rate unless told otherwise, and a packet at least', () => {
    const bucketOf = (maxKbps: number) =>
      kbpsBucket({ maxKbps, maxBurstKbps: null }, 1_500, meterCeiling);
    expect(bucketOf(10_000)).toEqual({ rate: 10_000, burst: 8_000, notes: [] });
    expect(bucketOf(1)).toEqual({ rate: 1, burst: 13, notes: [] });
  });

  it('says so when it is made larger than asked for', () => {
    const { burst, notes } = kbpsBucket({ maxKbps: 10, maxBurstKbps: 1 }, 9_000, meterCeiling);
    expect(burst).toBe(73);
    expect(notes).toEqual([
      'A burst of 1 kbit was asked for; 73 is the least that lets a packet of MTU 9000 pass.',
    ]);
  });

  it('is within what the kernel can hold, and every change of what was asked is said', () => {
    fc.assert(
      fc.property(asked, mtus, versions, (limit, mtu, version) => {
        const ceiling = kernelCeiling(limit.maxKbps, version);
        const { rate, burst, notes } = kbpsBucket(limit, mtu, ceiling);
        expect((burst * 1000) / 8).toBeLessThan(2 ** 32);
        if (version === null || version < '3.2') expect((rate * 1000) / 8).toBeLessThan(2 ** 32);
        const isRateAsAsked = rate === limit.maxKbps;
        const isBurstAsAsked = limit.maxBurstKbps === null || burst === limit.maxBurstKbps;
        expect(notes.length === 0).toBe(isRateAsAsked && isBurstAsAsked);
      }),
    );
  });

  it('of packets holds at least a thousand', () => {
    expect(kppsBucket({ maxKpps: 1, maxBurstKpps: null })).toMatchObject({ rate: 1, burst: 1 });
    expect(kppsBucket({ maxKpps: 10, maxBurstKpps: null })).toMatchObject({ burst: 8 });
    expect(kppsBucket({ maxKpps: 10, maxBurstKpps: 0 })).toMatchObject({ burst: 1 });
  });
});
