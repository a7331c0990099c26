import { type History, ofKind } from './history.ts';
import type { Plan } from './plan.ts';
import { delaysMs } from './validators/bounded.ts';

/** What the histories held, in a line. */
export function summary(histories: readonly History[]): string {
  const count = (of: (history: History) => readonly unknown[]) =>
    histories.reduce((sum, history) => sum + of(history).length, 0);
  const delays = histories.flatMap(delaysMs).sort((a, b) => a - b);
  const percentile = (share: number) =>
    Math.round(delays[Math.min(delays.length - 1, Math.floor(delays.length * share))] ?? 0);
  const opened = histories.flatMap((history) => ofKind(history, 'opened'));
  return [
    `${histories.length} histories`,
    `${count(({ commits }) => commits)} commits`,
    `${count((history) => ofKind(history, 'acknowledged'))} acknowledged changes`,
    `${opened.length} feeds opened, ${opened.filter(({ since }) => since).length} to resume`,
    `${count((history) => ofKind(history, 'received'))} messages`,
    `${count(({ outages }) => outages)} outages`,
    `change to agent: p50 ${percentile(0.5)}, p99 ${percentile(0.99)}, most ${percentile(1)} ms`,
  ].join(' · ');
}

/** What happened in the histories of these plans besides changes, and how often; each act of a plan is performed. */
export function faultsIn(plans: readonly Plan[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { kind } of plans.flatMap(({ acts }) => acts)) {
    if (kind === 'change' || kind === 'pause') continue;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}
