/**
 * How many histories, and from which seed on: HISTORIES=5000 HISTORIES_SEED=7 npm run test:histories. One
 * that failed happens again with HISTORIES=1 and its own seed.
 */
export interface HistorySettings {
  readonly seeds: readonly number[];
  readonly firstSeed: number;
}

/** Those of this worker: with several, each takes every so-manieth. */
export function historySettings(env: NodeJS.ProcessEnv, usual: number): HistorySettings {
  const count = Number(env.HISTORIES ?? usual);
  const firstSeed = Number(env.HISTORIES_SEED);
  const [share, shares] = [Number(env.HISTORIES_SHARE ?? 0), Number(env.HISTORIES_SHARES ?? 1)];
  const all = Array.from({ length: count }, (_, n) => firstSeed + n);
  return { firstSeed, seeds: all.filter((_, n) => n % shares === share) };
}
