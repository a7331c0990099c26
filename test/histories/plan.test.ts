import { expect, test } from 'vitest';
import { isStormy, planOf } from './plan.ts';

const seeds = Array.from({ length: 500 }, (_, seed) => seed);

test('the same seed plans the same', () => {
  for (const seed of seeds.slice(0, 20)) expect(planOf(seed)).toEqual(planOf(seed));
  expect(planOf(1)).not.toEqual(planOf(2));
});

test('five hundred seeds plan every kind of act many times, weather only in stormy histories', () => {
  const weather = new Set([
    'deafen',
    'terminate',
    'cutDatabase',
    'stallDatabase',
    'replaceServer',
    'setClock',
  ]);
  const counts = new Map<string, number>();
  for (const seed of seeds) {
    for (const { kind } of planOf(seed).acts) {
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      if (weather.has(kind)) expect(isStormy(seed)).toBe(true);
    }
  }
  for (const kind of ['change', 'pause', 'compact', 'cut', 'stall', 'halfOpen', 'shut', 'kill']) {
    expect(counts.get(kind), kind).toBeGreaterThan(100);
  }
  for (const kind of ['backup', 'restore', ...weather]) {
    expect(counts.get(kind), kind).toBeGreaterThan(30);
  }
});
