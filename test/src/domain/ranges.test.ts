import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  dscpMarks,
  type Limits,
  limitFaults,
  limitFields,
  limitRanges,
} from '../../../src/domain/ranges.ts';

const none: Limits = {
  maxKbps: null,
  maxBurstKbps: null,
  maxKpps: null,
  maxBurstKpps: null,
  minKbps: null,
  dscpMark: null,
};
const fieldsOf = (limits: Partial<Limits>, direction: 'EGRESS' | 'INGRESS' = 'EGRESS') =>
  limitFaults({ ...none, ...limits }, direction).map(({ field }) => field);

describe('the limits of a rule', () => {
  test.each<[Partial<Limits>, 'EGRESS' | 'INGRESS', string[]]>([
    [{ maxKbps: 1 }, 'EGRESS', []],
    [{ maxKbps: 2_147_483_647, maxBurstKbps: 2_147_483_647 }, 'INGRESS', []],
    [{ maxKpps: 4_294_967, maxBurstKpps: 1 }, 'EGRESS', []],
    [{ minKbps: 5 }, 'INGRESS', []],
    [{ dscpMark: 0 }, 'EGRESS', []],
    [{ maxKbps: 0 }, 'EGRESS', ['maxKbps']],
    [{ maxKbps: -1 }, 'EGRESS', ['maxKbps']],
    [{ maxKbps: 2_147_483_648 }, 'EGRESS', ['maxKbps']],
    [{ maxKbps: 1.5 }, 'EGRESS', ['maxKbps']],
    [{ maxKbps: Number.NaN }, 'EGRESS', ['maxKbps']],
    [{ maxKpps: 4_294_968 }, 'EGRESS', ['maxKpps']],
    [{ maxBurstKbps: 5 }, 'EGRESS', ['maxBurstKbps']],
    [{ maxKbps: 5, maxBurstKpps: 5 }, 'EGRESS', ['maxBurstKpps']],
    [{ minKbps: 6, maxKbps: 5 }, 'EGRESS', ['minKbps']],
    [{ dscpMark: 46 }, 'INGRESS', ['dscpMark']],
    [{ dscpMark: 7 }, 'EGRESS', ['dscpMark']],
    [{}, 'EGRESS', ['maxKbps']],
  ])('%o for %s are blamed on %o', (limits, direction, fields) => {
    expect(fieldsOf(limits, direction)).toEqual(fields);
  });

  test('are refused by name with what would be right', () => {
    const [fault] = limitFaults({ ...none, maxKbps: 0 }, 'EGRESS');
    expect(fault?.message).toBe(
      'maxKbps must be a whole number from 1 to 2147483647 (kbit/s), not 0.',
    );
  });

  test('are right exactly within their ranges, whatever the number', () => {
    fc.assert(
      fc.property(fc.constantFrom(...limitFields), fc.double(), (field, value) => {
        const { minimum, maximum } = limitRanges[field];
        const right =
          field === 'dscpMark'
            ? (dscpMarks as readonly number[]).includes(value)
            : Number.isInteger(value) && value >= minimum && value <= maximum;
        const partner = { maxBurstKbps: { maxKbps: 1 }, maxBurstKpps: { maxKpps: 1 } }[
          field as string
        ];
        expect(fieldsOf({ ...partner, [field]: value }).includes(field)).toBe(!right);
      }),
    );
  });
});
