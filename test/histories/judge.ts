import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { History, Violation } from './history.ts';
import { validate } from './validators/index.ts';

export interface Judged {
  readonly seed: number;
  readonly history: History;
  readonly violations: readonly Violation[];
}

/** Holds the history against every promise; one that breaks any is kept in a file. */
export async function judge(seed: number, history: History): Promise<Judged> {
  const violations = validate(history);
  if (violations.length > 0) {
    const file = join(tmpdir(), `sluice-history-${seed}.json`);
    await writeFile(file, JSON.stringify(history, null, 1));
    console.error(
      `History ${seed} breaks promises; it is in ${file}. Again: HISTORIES=1 HISTORIES_SEED=${seed}`,
    );
  }
  return { seed, history, violations };
}

export const broken = (judged: readonly Judged[]) =>
  judged
    .filter(({ violations }) => violations.length > 0)
    .map(({ seed, violations }) => ({ seed, violations }));
