import { expect, test } from 'vitest';
import { isHeld, type Measured, table } from '../../scripts/demo/figures.ts';

const limits = { EGRESS: 10, INGRESS: 20 };
const both = (egressMbps: number, ingressMbps: number): Measured[] => [
  { direction: 'EGRESS', offeredMbps: 60, udpMbps: egressMbps, tcpMbps: 9.1 },
  { direction: 'INGRESS', offeredMbps: 60, udpMbps: ingressMbps, tcpMbps: 18.2 },
];

test.each([
  [10, 20, true],
  [9.01, 21.99, true],
  [8.9, 20, false],
  [10, 22.1, false],
  [59.8, 60, false],
])('limits of 10 and 20 with %d and %d measured: held is %s', (egress, ingress, held) => {
  expect(isHeld(both(egress, ingress), limits)).toBe(held);
});

test('the table has what was offered, what arrived and how far that is from the rule', () => {
  expect(table(both(9.7, 60))).toBe(
    [
      '  EGRESS     UDP    9.7 Mbit/s of 60 offered   TCP    9.1 Mbit/s',
      '  INGRESS    UDP   60.0 Mbit/s of 60 offered   TCP   18.2 Mbit/s',
    ].join('\n'),
  );
  expect(table(both(9.7, 60), limits).split('\n')).toEqual([
    expect.stringMatching(/rule 10 \(−3\.0 %\)$/),
    expect.stringMatching(/rule 20 \(\+200\.0 %\)$/),
  ]);
});
