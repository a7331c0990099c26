import type { EntityManager, MikroORM, PostgreSqlConnection } from '@mikro-orm/postgresql';
import { type IsolationLevel, Kysely } from 'kysely';
import { Pool } from 'pg';
import { boundedOptions, type DatabaseBounds, guardPool, usualBounds } from './orm.ts';
import { bindPrepared } from './prepared.ts';
import { TenantPool, tenantDialect } from './tenantPool.ts';

/** Apart from the server's own, so that no tenant's load keeps an agent or administrator waiting. */
const mostConnections = 6;

/** Gives out entity managers that reach one tenant's rows and no others, by PostgreSQL's row-level security. */
export class Tenants {
  readonly #orm: MikroORM;
  readonly #pool: Pool;

  private constructor(orm: MikroORM, pool: Pool) {
    this.#orm = orm;
    this.#pool = pool;
  }

  /** Connects as the ORM does. Lazy: nothing is opened before a tenant asks. */
  static of(
    orm: MikroORM,
    {
      most = mostConnections,
      bounds = usualBounds,
    }: { most?: number; bounds?: DatabaseBounds | undefined } = {},
  ): Tenants {
    const connection = orm.em.getConnection() as PostgreSqlConnection;
    const pool = new Pool({
      ...connection.mapOptions({}),
      ...boundedOptions(bounds),
      max: most,
    });
    // The query that a lost connection fails rejects by itself; unheard, these would end the process.
    pool.on('error', () => undefined);
    pool.on('connect', (client) => client.on('error', () => undefined));
    guardPool(pool, bounds);
    return new Tenants(orm, pool);
  }

  /** Whatever runs on it, its forks and its transactions is bound to the tenant. */
  em(tenantId: string): EntityManager {
    const pool = new TenantPool(this.#pool, tenantId);
    const kysely = new Kysely<never>({ dialect: tenantDialect(pool) });
    return this.#bound(pool, kysely, kysely);
  }

  close(): Promise<void> {
    return this.#pool.end();
  }

  /** `on`: what its statements run on, the connections or a transaction. */
  #bound(pool: TenantPool, kysely: Kysely<never>, on: Kysely<never>): EntityManager {
    const em = this.#orm.em.fork();
    // MikroORM runs every statement, and gives out its Kysely, on the em's "transaction" where it has one.
    em.setTransactionContext(on);
    bindPrepared(em, (statement, values) => pool.run({ ...statement, values }));
    return Object.assign(em, {
      fork: () => this.#bound(pool, kysely, on),
      transactional: <T>(
        work: (em: EntityManager) => Promise<T>,
        { isolationLevel = 'read committed' }: { isolationLevel?: IsolationLevel } = {},
      ) =>
        kysely
          .transaction()
          .setIsolationLevel(isolationLevel)
          .execute((transaction) => work(this.#bound(pool, kysely, transaction))),
      getConnection: () => {
        throw new Error("A tenant's statements run on its entity manager, not on a connection.");
      },
    } as Partial<EntityManager>);
  }
}
