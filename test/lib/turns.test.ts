import { expect, test } from 'vitest';
import { Turns } from '../../lib/turns.ts';

test('so many work at a time, the others in the order in which they came, whoever fails', async () => {
  const turns = new Turns(2);
  const begun: number[] = [];
  let working = 0;
  let most = 0;
  const work = async (index: number) => {
    begun.push(index);
    working += 1;
    most = Math.max(most, working);
    await new Promise((resolve) => setImmediate(resolve));
    working -= 1;
    if (index % 3 === 0) throw new Error(`${index} fails.`);
    return index;
  };
  const indexes = Array.from({ length: 10 }, (_, index) => index);

  const results = await Promise.allSettled(indexes.map((index) => turns.take(() => work(index))));

  expect(begun).toEqual(indexes);
  expect(most).toBe(2);
  expect(results.map(({ status }) => status === 'rejected')).toEqual(
    indexes.map((index) => index % 3 === 0),
  );
  expect(await turns.take(async () => 'free again')).toBe('free again');
});
