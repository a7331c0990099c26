import { describe, expect, it } from 'vitest';
import { isAbout, readHtb, readPolice } from '../../../../agent/drivers/ovs/tcText.ts';

describe('what tc prints', () => {
  it('of queue 0 is its ceiling and its bucket', () => {
    const text = `class htb 1:1 parent 1:fffe prio 0 rate 12Kbit ceil 20Mbit burst 350732b cburst 2000000b
class htb 1:fffe root rate 34359Mbit ceil 34359Mbit burst 0b cburst 0b`;
    expect(readHtb(text)).toEqual({ rateKbps: 20_000, burstKbps: 16_000 });
  });

  it.each([
    ['ceil 12345Kbit burst 1b cburst 15Kb', 12_345, 122.88],
    ['ceil 1Gbit burst 1b cburst 10Mb', 1e6, 83_886.08],
    ['ceil 800bit burst 1b cburst 1600b', 0.8, 12.8],
  ])('of a class with %s', (tail, rateKbps, burstKbps) => {
    expect(readHtb(`class htb 1:1 root prio 0 rate 12Kbit ${tail}`)).toEqual({
      rateKbps,
      burstKbps,
    });
  });

  it.each([
    '',
    'qdisc noqueue 0: root',
    'Cannot find device "p1"',
    'class htb 1:2 root ceil 1Mbit cburst 1b',
  ])('is no queue 0: "%s"', (text) => {
    expect(readHtb(text)).toBeNull();
  });

  it('of a policer is its rate and bucket, in bits or in packets', () => {
    const filter = 'filter ingress protocol all pref 1 matchall chain 0 handle 0x1 \n  not_in_hw\n';
    const bits = `${filter}\taction order 1:  police 0x1 rate 10Mbit burst 1000Kb mtu 64Kb action drop/continue overhead 0b \n`;
    const packets = `${filter}\taction order 1:  police 0x1 rate 0bit burst 0b mtu 64Kb pkts_rate 5000 pkts_burst 4000 action drop/continue overhead 0b \n`;
    const nothing = {
      rateKbps: null,
      burstKbps: null,
      rateKpps: null,
      burstKpps: null,
      drops: true,
    };
    expect(readPolice(bits)).toEqual({ ...nothing, rateKbps: 10_000, burstKbps: 8_000 });
    expect(readPolice(packets)).toEqual({ ...nothing, rateKpps: 5, burstKpps: 4 });
    expect(readPolice(bits.replace('drop/', 'pass/'))).toMatchObject({ drops: false });
    expect(readPolice("Error: Parent Qdisc doesn't exists.")).toBeNull();
    expect(readPolice('')).toBeNull();
  });

  it('is compared with what print_rate cuts off in mind', () => {
    expect(isAbout(1_234_000, 1_234_567)).toBe(true);
    expect(isAbout(34_359_000, 34_359_738)).toBe(true);
    expect(isAbout(20_000, 20_100)).toBe(false);
    expect(isAbout(null, null)).toBe(true);
    expect(isAbout(null, 1)).toBe(false);
  });
});
