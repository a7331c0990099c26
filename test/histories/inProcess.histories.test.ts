import { expect, test } from 'vitest';
import { inParallel } from './inParallel.ts';
import { broken, judge } from './judge.ts';
import { isStormy, planOf } from './plan.ts';
import { runHistory } from './runHistory.ts';
import { historySettings } from './settings.ts';
import { summary } from './summary.ts';
import { World } from './world.ts';

const { seeds, firstSeed } = historySettings(process.env, 480);
/** As many share one PostgreSQL and its servers at a time. */
const width = 16;

test.each([
  { weather: 'calm', mine: seeds.filter((seed) => !isStormy(seed)) },
  { weather: 'stormy', mine: seeds.filter(isStormy) },
])(
  `in $weather weather $mine.length histories keep every promise (from seed ${firstSeed} on)`,
  {
    timeout: 900_000,
  },
  async ({ mine }) => {
    await using world = await World.start();
    const judged = await inParallel(mine, width, async (seed) =>
      judge(seed, await runHistory(world, planOf(seed))),
    );
    console.log(summary(judged.map(({ history }) => history)));
    expect(broken(judged)).toEqual([]);
  },
);
