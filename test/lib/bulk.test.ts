import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, test } from 'vitest';
import { Bulk } from '../../lib/bulk.ts';

const never = () => false;

test('what comes while a write is under way is written together, each caller hearing of its own', async () => {
  const writes: number[][] = [];
  const gate = Promise.withResolvers<void>();
  const bulk = new Bulk<number, string>({
    write: async (items) => {
      writes.push([...items]);
      await gate.promise;
      return items.map((item) => `${item} is written`);
    },
    most: 3,
    gatherMs: 0,
    concernsAll: never,
  });

  const results = [1, 2, 3, 4, 5].map((item) => bulk.add(item));
  gate.resolve();

  expect(await Promise.all(results)).toEqual([1, 2, 3, 4, 5].map((item) => `${item} is written`));
  expect(writes).toEqual([[1], [2, 3, 4], [5]]);
});

test('settled() waits for what was added before it, written or not', async () => {
  const gate = Promise.withResolvers<void>();
  const bulk = new Bulk<number, number>({
    write: async () => {
      await gate.promise;
      throw new Error('lost');
    },
    most: 1,
    gatherMs: 0,
    concernsAll: never,
  });
  await bulk.settled();
  const results = Promise.allSettled([bulk.add(1), bulk.add(2)]);
  let settled = false;
  const waiting = bulk.settled().then(() => {
    settled = true;
  });
  await new Promise(setImmediate);
  expect(settled).toBe(false);
  gate.resolve();
  await waiting;
  expect((await results).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

test('the first waits for company where it is told to', async () => {
  const writes: number[][] = [];
  const bulk = new Bulk<number, number>({
    write: async (items) => {
      writes.push([...items]);
      return items;
    },
    most: 10,
    gatherMs: 5,
    concernsAll: never,
  });
  expect(await Promise.all([bulk.add(1), bulk.add(2)])).toEqual([1, 2]);
  expect(writes).toEqual([[1, 2]]);
});

test('one that cannot be written fails alone', async () => {
  const bulk = new Bulk<number, number>({
    write: async (items) => {
      if (items.includes(2)) throw new Error('2 cannot be written.');
      return items;
    },
    most: 10,
    gatherMs: 1,
    concernsAll: never,
  });
  const results = await Promise.allSettled([1, 2, 3].map((item) => bulk.add(item)));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await bulk.add(4)).toBe(4);
});

test('what no item is to blame for fails them all at once', async () => {
  let attempts = 0;
  const bulk = new Bulk<number, number>({
    write: async () => {
      attempts += 1;
      throw new Error('The database is away.');
    },
    most: 10,
    gatherMs: 1,
    concernsAll: () => true,
  });
  const results = await Promise.allSettled([1, 2, 3].map((item) => bulk.add(item)));
  expect(results.every(({ status }) => status === 'rejected')).toBe(true);
  expect(attempts).toBe(1);
});

test('a write belongs to none of its callers', async () => {
  const caller = new AsyncLocalStorage<string>();
  const bulk = new Bulk<number, string | undefined>({
    write: async (items) => items.map(() => caller.getStore()),
    most: 3,
    gatherMs: 1,
    concernsAll: never,
  });
  expect(await caller.run('the first', () => bulk.add(1))).toBe(undefined);
});
