import { expect, test } from 'vitest';
import { Outage } from '../../lib/outage.ts';

test('A trouble is said at once, then at growing distance, and anew when it comes again', () => {
  let nowMs = 5;
  const outage = new Outage(() => nowMs, { firstMs: 10_000, capMs: 25_000 });
  const saidAt: number[] = [];
  expect(outage.over()).toBeNull();
  for (; nowMs < 100_000; nowMs += 1_000) if (outage.met()) saidAt.push(nowMs);
  expect(saidAt).toEqual([5, 10_005, 30_005, 55_005, 80_005]);
  nowMs = 100_005;
  expect(outage.over()).toBe(100_000);
  expect(outage.over()).toBeNull();
  expect(outage.met()).toBe(true);
  expect(outage.met()).toBe(false);
});
