import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createLog } from '../../lib/log.ts';
import { findHome } from '../../src/db/embedded/home.ts';
import { findPostmaster } from '../../src/db/embedded/postmaster.ts';
import { startEmbeddedPostgres } from '../../src/db/embedded.ts';
import { migrateUp } from '../../src/db/migrate.ts';

export interface BenchDatabase {
  readonly url: string;
  /** A folder that goes with the database. */
  readonly dir: string;
  /** PostgreSQL's first process. */
  readonly pid: number;
}

/** A PostgreSQL of the benchmark's own, with all migrations; nothing of it is left afterwards. */
export async function withBenchDatabase(
  use: (database: BenchDatabase) => Promise<void>,
): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  // PostgreSQL's user passes through it to the database.
  await chmod(dir, 0o711);
  const dataDir = join(dir, 'data');
  const postgres = await startEmbeddedPostgres({
    dataDir,
    log: createLog('bench', 'warn', 'pretty'),
  });
  const stop = new AbortController();
  const running = postgres.run(stop.signal);
  const { cluster } = await findHome(dataDir);
  try {
    await migrateUp(postgres.url);
    await use({ url: postgres.url, dir, pid: (await findPostmaster(cluster)) ?? 0 });
  } finally {
    stop.abort();
    await running;
    // Not in the data folder where PostgreSQL's user cannot reach the project's files.
    await rm(dirname(cluster), { recursive: true, force: true });
    await rm(dir, { recursive: true, force: true });
  }
}
