import { sleep } from '../../lib/retry.ts';
import type { History } from './history.ts';
import { HistoryRun } from './historyRun.ts';
import type { Plan } from './plan.ts';
import type { World } from './world.ts';

/** However slow the machine: a history that takes longer hangs. */
const mostMs = 120_000;

/** Lets happen what the plan says, waits until all is quiet, and hands over what was written down. */
export async function runHistory(world: World, plan: Plan): Promise<History> {
  let doing = 'the beginning';
  const happen = async () => {
    await using run = await HistoryRun.begin(world, plan);
    for (const act of plan.acts) {
      doing = JSON.stringify(act);
      await run.perform(act);
    }
    doing = 'the end';
    await run.becomesQuiet();
    return await run.history();
  };
  const over = new AbortController();
  const hang = sleep(mostMs, over.signal).then(() => {
    if (!over.signal.aborted) throw new Error(`History ${plan.seed} hangs at ${doing}.`);
  });
  const history = happen().finally(() => over.abort());
  await Promise.race([history, hang]);
  return history;
}
