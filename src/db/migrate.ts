import { openDatabase } from './orm.ts';

/** Names of the migrations that this call ran, oldest first. Safe to call from several servers at once. */
export async function migrateUp(url: string): Promise<string[]> {
  return withMigrator(url, async (migrator) => names(await migrator.up()));
}

/** Takes back the newest migration. */
export async function migrateDown(url: string): Promise<string[]> {
  return withMigrator(url, async (migrator) => names(await migrator.down()));
}

/** Names of the migrations that the database has not seen yet. */
export async function pendingMigrations(url: string): Promise<string[]> {
  return withMigrator(url, async (migrator) => names(await migrator.getPending()));
}

type Orm = Awaited<ReturnType<typeof openDatabase>>;

// Two servers started together must not run the same migration twice; any fixed number will do.
const migrationLock = 0x51_0c_e0;

async function withMigrator<T>(
  url: string,
  work: (migrator: Orm['migrator']) => Promise<T>,
): Promise<T> {
  const orm = await openDatabase({ url, poolSize: 3, bounds: null });
  try {
    return await orm.em.fork().transactional(async (em) => {
      await em.execute('select pg_advisory_xact_lock(?)', [migrationLock]);
      return work(orm.migrator);
    });
  } finally {
    await orm.close(true);
  }
}

const names = (migrations: readonly { name: string }[]): string[] =>
  migrations.map(({ name }) => name);
