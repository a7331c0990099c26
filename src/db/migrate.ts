import type { EntityManager } from '@mikro-orm/postgresql';
import { openDatabase } from './orm.ts';
import { prepareTenantRole, proveBinding, refuseOldPostgres } from './tenantRole.ts';

/** Names of the migrations that this call ran, oldest first. Safe to call from several servers at once. */
export async function migrateUp(url: string): Promise<string[]> {
  return withMigrator(url, async (migrator, em) => {
    await refuseOldPostgres(em);
    const ran = await migrator.up();
    await prepareTenantRole(em);
    return names(ran);
  });
}

/** Takes back the newest migration. */
export async function migrateDown(url: string): Promise<string[]> {
  return withMigrator(url, async (migrator) => names(await migrator.down()));
}

/** Names of the migrations that the database has not seen yet. */
export async function pendingMigrations(url: string): Promise<string[]> {
  return withMigrator(url, async (migrator) => names(await migrator.getPending()));
}

/** Refuses a database, brought up to date by somebody else, in which this server's role could not bind tenants. */
export async function checkTenants(url: string): Promise<void> {
  await withMigrator(url, (_migrator, em) => proveBinding(em));
}

type Orm = Awaited<ReturnType<typeof openDatabase>>;

// Two servers started together must not run the same migration twice; any fixed number will do.
const migrationLock = 0x51_0c_e0;

async function withMigrator<T>(
  url: string,
  work: (migrator: Orm['migrator'], em: EntityManager) => Promise<T>,
): Promise<T> {
  const orm = await openDatabase({ url, poolSize: 3, bounds: null });
  try {
    return await orm.em.fork().transactional(async (em) => {
      await em.execute('select pg_advisory_xact_lock(?)', [migrationLock]);
      return work(orm.migrator, em);
    });
  } finally {
    await orm.close(true);
  }
}

const names = (migrations: readonly { name: string }[]): string[] =>
  migrations.map(({ name }) => name);
