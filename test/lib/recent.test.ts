import { expect, test } from 'vitest';
import { Recent } from '../../lib/recent.ts';

const keys = Array.from({ length: 1_000 }, (_, key) => key);

test('what was set or asked for lately is remembered', () => {
  const recent = new Recent<number, string>(10);

  for (const key of keys) {
    recent.set(key, `value ${key}`);
    recent.get(0);
  }

  expect([0, 997, 998, 999].map((key) => recent.get(key))).toEqual([
    'value 0',
    'value 997',
    'value 998',
    'value 999',
  ]);
});

test('never more than so many are remembered', () => {
  const recent = new Recent<number, string>(10);

  for (const key of keys) recent.set(key, `value ${key}`);

  const kept = keys.filter((key) => recent.get(key) !== undefined);
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.length).toBeLessThanOrEqual(10);
});

test('what is looked up is what was set last', () => {
  const recent = new Recent<string, number>(4);

  for (const [key, value] of [
    ['a', 1],
    ['b', 0],
    ['c', 0],
    ['a', 2],
  ] as const)
    recent.set(key, value);

  expect(recent.get('a')).toBe(2);
  expect(recent.get('z')).toBeUndefined();
});
