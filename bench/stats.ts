import { setTimeout as delay } from 'node:timers/promises';

/** Percentiles of some durations, in milliseconds. */
export interface Spread {
  readonly p50: number;
  readonly p99: number;
}

/** Percentiles of samples in milliseconds. */
export function spreadOf(samplesMs: readonly number[]): Spread {
  const sorted = [...samplesMs].sort((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p99: at(0.99) };
}

/**
 * What a change leaves behind it, the agent's reading back and its report, is not the next one's cost:
 * changes that are measured one at a time, and what they are compared with, are so far apart.
 */
export const apartMs = 25;

/** How many unmeasured runs come before `count` measured ones. */
export const warmUpsOf = (count: number): number => Math.ceil(count / 10);

/** Runs `once` some times unmeasured, then `count` times, one after the other and `pauseMs` apart. */
export async function measure(
  count: number,
  once: (index: number) => Promise<void>,
  pauseMs = 0,
): Promise<Spread> {
  const warmUp = warmUpsOf(count);
  const samplesMs: number[] = [];
  for (let index = 0; index < warmUp + count; index += 1) {
    const startedAt = performance.now();
    await once(index);
    if (index >= warmUp) samplesMs.push(performance.now() - startedAt);
    if (pauseMs > 0) await delay(pauseMs);
  }
  return spreadOf(samplesMs);
}

/** A row of a table: what, p50, p99 and the ratio of p50 to the floor's. */
export function row(what: string, { p50, p99 }: Spread, floor?: Spread): string {
  const ratio = floor ? `${(p50 / floor.p50).toFixed(1)} ×` : '';
  return `${what.padEnd(52)} ${p50.toFixed(1).padStart(8)} ${p99.toFixed(1).padStart(8)} ${ratio.padStart(8)}`;
}
