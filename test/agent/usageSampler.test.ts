import { expect, test } from 'vitest';
import { UsageSampler } from '../../agent/usageSampler.ts';

test('Those who ask together, or soon after, share one look; who must know now has one of its own', async () => {
  let nowMs = 0;
  let looks = 0;
  const look = async () => {
    looks += 1;
    return [];
  };
  const sampler = new UsageSampler(look, () => nowMs);

  await Promise.all([sampler.sample(1_000), sampler.sample(1_000)]);
  nowMs = 1_000;
  await sampler.sample(1_000);
  expect(looks).toBe(1);

  await sampler.sample(500);
  expect(looks).toBe(2);
  nowMs = 2_001;
  await sampler.sample(1_000);
  expect(looks).toBe(3);
});

test('A look that failed is the answer no longer than one that did not', async () => {
  let nowMs = 0;
  let isAway = true;
  const look = async () => {
    if (isAway) throw new Error('The switch is away.');
    return [];
  };
  const sampler = new UsageSampler(look, () => nowMs);
  await expect(sampler.sample(1_000)).rejects.toThrow('The switch is away.');

  isAway = false;
  nowMs = 1_001;
  expect(await sampler.sample(1_000)).toEqual([]);
});
