import { expect, test } from 'vitest';
import { brokenFeeds } from './brokenFeeds.ts';
import type { Violation } from './history.ts';
import { inParallel } from './inParallel.ts';
import { isStormy, planOf } from './plan.ts';
import { runHistory } from './runHistory.ts';
import { validate } from './validators/index.ts';
import { World } from './world.ts';

/** Fixed: what these histories catch, they are to catch always. */
const seeds = Array.from({ length: 20 }, (_, n) => 1_000 + n).filter((seed) => !isStormy(seed));

/** Which promise each of them must be seen to break. */
const caughtBy: Record<keyof typeof brokenFeeds, RegExp> = {
  // A position that two transactions share, or that one passes behind, means two states: which one shows is chance.
  'a cursor over a global sequence':
    /^complete: (Position .* means two states|At |The agent of .* ended with)/,
  'a lost doorbell that nothing makes up for': /^bounded: .* was not told of/,
  'no new epoch after a restore':
    /^complete: The agent of .* (ended with|has|stands)|^complete: At /,
};

test.each(Object.entries(brokenFeeds))(
  'a feed with %s is caught by the same histories',
  { timeout: 240_000 },
  async (name, breakage) => {
    await using world = await World.start(breakage);
    const violations: Violation[] = (
      await inParallel(seeds, 15, async (seed) => validate(await runHistory(world, planOf(seed))))
    ).flat();
    expect(violations).toEqual(
      expect.arrayContaining([expect.stringMatching(caughtBy[name as keyof typeof brokenFeeds])]),
    );
  },
);
