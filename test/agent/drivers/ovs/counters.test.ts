import { describe, expect, it } from 'vitest';
import {
  htbCounters,
  meterCounters,
  policeCounters,
} from '../../../../agent/drivers/ovs/counters.ts';
import type { MeterStats } from '../../../../agent/openflow/meters.ts';

const meter = (packetsIn: bigint, bytesIn: bigint, packets: bigint, bytes: bigint): MeterStats => ({
  id: 1,
  flowCount: 1,
  packetsIn,
  bytesIn,
  durationMs: 0,
  bands: [{ packets, bytes }],
});

describe('what passed and what was dropped', () => {
  it('by a meter is what came in less what its band dropped', () => {
    expect(meterCounters([meter(10_377n, 15_433_761n, 7_758n, 11_559_420n)])).toEqual({
      bytes: 3_874_341n,
      packets: 2_619n,
      droppedBytes: 11_559_420n,
      droppedPackets: 7_758n,
    });
  });

  it('by two meters is what the second let through, and what either dropped', () => {
    expect(meterCounters([meter(10n, 1_000n, 4n, 400n), meter(6n, 600n, 1n, 100n)])).toEqual({
      bytes: 500n,
      packets: 5n,
      droppedBytes: 500n,
      droppedPackets: 5n,
    });
  });

  it('is not known of a meter that is gone, or of a switch that does not count', () => {
    expect(meterCounters([])).toBeNull();
    expect(meterCounters([meter(1n, 1n, 0n, 0n), undefined])).toBeNull();
    expect(meterCounters([meter(1n, 2n ** 64n - 1n, 0n, 0n)])).toBeNull();
  });

  it('by a queue is what left it; what it dropped only where the kernel forwards', () => {
    const text = `class htb 1:2 parent 1:fffe prio 0 rate 12Kbit ceil 5Mbit burst 1b cburst 1b
 Sent 1 bytes 1 pkt (dropped 1, overlimits 0 requeues 0)
class htb 1:1 parent 1:fffe prio 0 rate 12Kbit ceil 10Mbit burst 124999b cburst 125000b\u0020
 Sent 4016262 bytes 2735 pkt (dropped 12, overlimits 2582 requeues 0)\u0020
 backlog 0b 0p requeues 0`;
    const passed = { bytes: 4_016_262n, packets: 2_735n, droppedBytes: null };
    expect(htbCounters(text, 0, true)).toEqual({ ...passed, droppedPackets: null });
    expect(htbCounters(text, 0, false)).toEqual({ ...passed, droppedPackets: 12n });
    expect(htbCounters('Cannot find device "p1"', 0, true)).toBeNull();
  });

  it('by a policer is told in packets: its bytes are of what reached it', () => {
    const text = `filter ingress protocol all pref 1 matchall chain 0 handle 0x1
  not_in_hw (rule hit 7788)
\taction order 1:  police 0x1 rate 10Mbit burst 125Kb mtu 64Kb action drop/continue overhead 0b
\tref 1 bind 1  installed 4 sec used 0 sec firstused 3 sec
\tAction statistics:
\tSent 11468468 bytes 7788 pkt (dropped 5144, overlimits 5144 requeues 0)`;
    expect(policeCounters(text)).toEqual({
      bytes: null,
      packets: 2_644n,
      droppedBytes: null,
      droppedPackets: 5_144n,
    });
    expect(policeCounters('')).toBeNull();
  });
});
