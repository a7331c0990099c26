import { describe, expect, test } from 'vitest';
import { ageOf, limitWords } from '../../../cli/output/words.ts';

test.each([
  { seconds: -5, age: '0 s' },
  { seconds: 59, age: '59 s' },
  { seconds: 60, age: '1 min' },
  { seconds: 3_599, age: '59 min' },
  { seconds: 7_200, age: '2 h' },
  { seconds: 86_399, age: '23 h' },
  { seconds: 86_400, age: '1 day' },
  { seconds: 864_000, age: '10 days' },
])('what was $seconds s ago is $age old', ({ seconds, age }) => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  expect(ageOf(new Date(now - seconds * 1000).toISOString(), now)).toBe(age);
});

describe('a limit in words', () => {
  test.each([
    { limit: { maxKbps: 999 }, words: '999 kbit/s' },
    { limit: { maxKbps: 10_000, maxBurstKbps: 8_000 }, words: '10 Mbit/s, burst 8 Mbit' },
    { limit: { maxKbps: 12_345 }, words: '12.345 Mbit/s' },
    { limit: { maxKbps: 40_000_000 }, words: '40 Gbit/s' },
    { limit: { maxKpps: 5, maxBurstKpps: 6 }, words: '5 kpps, burst 6 k packets' },
    { limit: { minKbps: 1_500, dscpMark: 0 }, words: 'at least 1.5 Mbit/s; DSCP 0' },
    { limit: { maxKbps: null }, words: '-' },
  ])('is $words', ({ limit, words }) => {
    expect(limitWords(limit)).toBe(words);
  });

  test('is exact up to the largest rate', () => {
    expect(limitWords({ maxKbps: 2_147_483_647 })).toBe('2147483.647 Mbit/s');
  });
});
