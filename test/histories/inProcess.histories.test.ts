import { expect, test } from 'vitest';
import { inParallel } from './inParallel.ts';
import { broken, judge } from './judge.ts';
import { isStormy, planOf } from './plan.ts';
import { runHistory } from './runHistory.ts';
import { historySettings } from './settings.ts';
import { faultsIn, summary } from './summary.ts';
import { World } from './world.ts';

const { seeds, firstSeed } = historySettings(process.env, 480);
/** As many share one PostgreSQL and its servers at a time. */
const width = 16;

/** So many histories have each of these faults, whatever the seed. */
const enough = 100;
const ofAgents = ['backup', 'compact', 'cut', 'halfOpen', 'kill', 'restore', 'shut', 'stall'];
const ofEveryone = [
  ...['cutDatabase', 'deafen', 'replaceServer', 'setClock', 'stallDatabase', 'terminate'],
];
const everyFault = { calm: ofAgents, stormy: [...ofAgents, ...ofEveryone].sort() };

test.each([
  { weather: 'calm' as const, mine: seeds.filter((seed) => !isStormy(seed)) },
  { weather: 'stormy' as const, mine: seeds.filter(isStormy) },
])(
  `in $weather weather $mine.length histories keep every promise (from seed ${firstSeed} on)`,
  {
    timeout: 900_000,
  },
  async ({ weather, mine }) => {
    await using world = await World.start();
    const judged = await inParallel(mine, width, async (seed) =>
      judge(seed, await runHistory(world, planOf(seed))),
    );
    console.log(summary(judged.map(({ history }) => history)));
    const faults = faultsIn(mine.map(planOf));
    console.log([...faults].map(([kind, count]) => `${kind} ${count}`).join(' · '));
    expect(broken(judged)).toEqual([]);
    if (mine.length >= enough) expect([...faults.keys()].sort()).toEqual(everyFault[weather]);
  },
);
