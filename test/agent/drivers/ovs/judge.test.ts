import { expect, test } from 'vitest';
import type { Check } from '../../../../agent/drivers/ovs/aims.ts';
import { deviceKey, judge } from '../../../../agent/drivers/ovs/judge.ts';
import type { Uuid } from '../../../../agent/ovsdb/notation.ts';

const device = { name: 'tap0', ifindex: 7 };
const check: Check = {
  kind: 'htb',
  device,
  bridge: 'br0',
  row: '00000000-0000-0000-0000-000000000001' as Uuid,
  rateKbps: 10_000,
  burstKbps: 8_000,
};
const queue =
  'class htb 1:1 parent 1:fffe prio 0 rate 12Kbit ceil 10Mbit burst 175366b cburst 1000000b';
const shared = (rate: string) =>
  `class htb 1:fffe root rate ${rate} ceil ${rate} burst 0b cburst 0b`;

test.each([
  { with: [queue, shared('34359Mbit')], fault: null },
  { with: [queue, shared('1Mbit')], fault: 'All of tap0 is held to 1000 kbit/s, below 10000.' },
  { with: [queue], fault: 'The class that all queues on tap0 share is gone from the kernel.' },
])('what tc shows of a queue comes to: $fault', ({ with: lines, fault }) => {
  const devices = new Map([[deviceKey(device, 'classes'), `${lines.join('\n')}\n`]]);
  expect(judge(check, { devices, bridges: new Map() })).toEqual({ fault, burstKbps: null });
});
