import { expect, test } from 'vitest';
import type { OpenFlowWrite } from '../../../../agent/drivers/ovs/aims.ts';
import { cookieOf } from '../../../../agent/drivers/ovs/ids.ts';
import { ReadBehind } from '../../../../agent/drivers/ovs/readBehind.ts';

const write = (id: number): OpenFlowWrite => ({
  kind: 'modifyMeter',
  meter: { id, unit: 'kbps', bands: [] },
});

/** Follows writes about meters 1 and 2; gives what was asked for. */
function written(behind: ReadBehind): unknown[] {
  const asked: unknown[] = [];
  behind.follow([write(1), write(2)], async (...questions) => {
    asked.push(questions);
    return { meters: new Map(), flows: new Map() };
  });
  return asked;
}

test('what was written is read with its flows, and serves one who reads it back', async () => {
  const behind = new ReadBehind();

  expect(written(behind)).toEqual([
    [
      [1, 2],
      [cookieOf(1), cookieOf(2)],
    ],
  ]);

  expect(await behind.take([2], [cookieOf(1)])).toEqual({ meters: new Map(), flows: new Map() });
  expect(behind.take([2], [cookieOf(1)])).toBeNull();
});

test('nobody is told of more than was read, nor of what was read before the last change', () => {
  const behind = new ReadBehind();

  written(behind);
  expect(behind.take([3], [])).toBeNull();
  written(behind);
  behind.forget();
  expect(behind.take([1], [])).toBeNull();
});
