import { messageOf, UserError } from '../../lib/errors.ts';
import { Mailbox } from '../../lib/mailbox.ts';
import { ServerError } from '../client/serverError.ts';
import type { Context } from '../context.ts';
import { exitCodes } from '../exitCodes.ts';
import { LiveLines } from '../output/liveLines.ts';
import { listenForRules } from './hints.ts';
import type { Look, Looked } from './looks.ts';
import { Outcome } from './outcome.ts';
import { progressLines } from './progress.ts';
import { judge } from './target.ts';

export interface FollowOptions {
  readonly look: Look;
  readonly seconds: number;
  /** Changes of these rules are hints to look again. */
  readonly ruleIds?: readonly string[];
}

/** How long between two looks if no hint comes: short at first, since an agent often answers within milliseconds. */
const firstPauseMs = 50;
const longestPauseMs = 2_000;

/** Looks until everything has settled, something has failed, or the time is up. */
export async function follow(
  { client, terminal }: Context,
  { look, seconds, ruleIds = [] }: FollowOptions,
): Promise<Outcome> {
  const deadline = performance.now() + seconds * 1000;
  const lines = new LiveLines(terminal.err, (text) => process.stderr.write(text));
  const stop = new AbortController();
  const mailbox = new Mailbox();
  const hints =
    ruleIds.length > 0 && seconds > 0
      ? listenForRules(client, ruleIds, mailbox, stop.signal)
      : undefined;
  let last: Looked = { targets: [], fault: null };
  try {
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 1.5, longestPauseMs)) {
      const startedAt = performance.now();
      last = await lookOnce(look, deadline, last);
      lines.show(progressLines(last.targets));
      const verdict = last.fault === null ? judge(last.targets) : 'waiting';
      const leftMs = deadline - performance.now();
      if (verdict !== 'waiting' || leftMs <= 0) return new Outcome(verdict, last, seconds);
      // At most half of the time is spent asking, however long a look takes.
      const restMs = Math.min(performance.now() - startedAt, leftMs);
      await pause(restMs);
      await hintOrPause(mailbox, Math.min(pauseMs, leftMs - restMs));
    }
  } finally {
    lines.clear();
    stop.abort();
    await hints;
  }
}

const leastLookMs = 1_000;

async function lookOnce(look: Look, deadline: number, last: Looked): Promise<Looked> {
  const timeoutMs = Math.max(leastLookMs, deadline - performance.now());
  try {
    return { targets: await look(AbortSignal.timeout(Math.ceil(timeoutMs))), fault: null };
  } catch (error) {
    // A refusal stays one; a server that is away or failing may be back before the time is up.
    if (error instanceof ServerError && error.exitCode !== exitCodes.failed) throw error;
    if (!(error instanceof UserError || error instanceof DOMException)) throw error;
    return { ...last, fault: messageOf(error) };
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}

async function hintOrPause(mailbox: Mailbox, ms: number): Promise<void> {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), Math.max(0, ms));
  await mailbox.take(over.signal);
  clearTimeout(timer);
}
