import { expect, test } from 'vitest';
import { inParallel } from './inParallel.ts';
import { broken, judge } from './judge.ts';
import { ProcessHistory } from './processHistory.ts';
import { ProcessWorld } from './processWorld.ts';
import type { FeedListener } from './relay.ts';
import { historySettings } from './settings.ts';
import { summary } from './summary.ts';

/** Hosts that share two servers and a PostgreSQL. */
const hostsInWorld = 7;
const share =
  process.env.HISTORIES === undefined ? 28 : Math.ceil(Number(process.env.HISTORIES) / 18);
const { seeds, firstSeed } = historySettings({ ...process.env, HISTORIES: String(share) }, share);
const worlds = Array.from({ length: Math.ceil(seeds.length / hostsInWorld) }, (_, n) =>
  seeds.slice(n * hostsInWorld, (n + 1) * hostsInWorld),
);

test.each(worlds.map((mine) => ({ mine, from: mine[0] })))(
  `$mine.length histories with servers, agents and PostgreSQL killed by -9 keep every promise (from seed $from on, run ${firstSeed})`,
  { timeout: 600_000 },
  async ({ mine }) => {
    const byHost = new Map<string, ProcessHistory>();
    const listener: FeedListener = {
      opened: (subscription, host, since) => byHost.get(host)?.opened(subscription, since),
      received: (subscription, host, change) => byHost.get(host)?.received(subscription, change),
      closed: (subscription, host) => byHost.get(host)?.closed(subscription),
    };
    await using world = await ProcessWorld.start(listener);
    const histories = mine.map((seed) => new ProcessHistory(world, seed));
    for (const history of histories) byHost.set(history.host, history);
    await inParallel(histories, 3, (history) => history.begin());
    const kills = [
      () => world.killServer(0),
      () => world.killPostgres(),
      () => world.killServer(1),
    ];
    for (const kill of kills) {
      await inParallel([kill, ...histories.map((history) => () => history.round())], 8, (work) =>
        work(),
      );
    }
    const judged = await inParallel(histories, 8, async (history) =>
      judge(history.seed, await history.history()),
    );
    console.log(summary(judged.map(({ history }) => history)));
    expect(broken(judged)).toEqual([]);
  },
);
