import {
  PostgresDialect,
  type PostgresPool,
  type PostgresPoolClient,
  type PostgresQueryResult,
} from 'kysely';
import { Client, type Pool, type PoolClient } from 'pg';
import { runBound, type Statement } from './boundQuery.ts';

/**
 * The tenants' connections as one tenant gets them: whatever it runs is bound to it (migration 30), a
 * transaction at its beginning, any other statement together with itself.
 */
export class TenantPool implements PostgresPool {
  readonly #pool: Pool;
  readonly #tenantId: string;

  constructor(pool: Pool, tenantId: string) {
    // sluice_bind refuses it too; where the tenants' role is missing, '' would be the server itself.
    if (tenantId === '') throw new Error('A tenant must have a name.');
    this.#pool = pool;
    this.#tenantId = tenantId;
  }

  get options() {
    return this.#pool.options;
  }

  async connect(): Promise<PostgresPoolClient> {
    return new TenantClient(await this.#idleClient(), this.#tenantId);
  }

  /** Runs one statement, and is done with the connection. */
  async run(statement: Statement) {
    const client = await this.#idleClient();
    try {
      return await runBound(client, this.#tenantId, statement);
    } finally {
      giveBack(client);
    }
  }

  /** The connections are other tenants' too. */
  async end(): Promise<void> {}

  /** One that is in nobody's transaction. */
  async #idleClient(): Promise<PoolClient> {
    for (;;) {
      const client = await this.#pool.connect();
      if (client.getTransactionStatus() === 'I') return client;
      client.release(true);
    }
  }
}

export const tenantDialect = (pool: TenantPool): PostgresDialect =>
  new PostgresDialect({ pool, controlClient: Client as never });

class TenantClient implements PostgresPoolClient {
  readonly #client: PoolClient;
  readonly #tenantId: string;

  constructor(client: PoolClient, tenantId: string) {
    this.#client = client;
    this.#tenantId = tenantId;
  }

  get processID(): number {
    return (this.#client as PoolClient & { readonly processID: number }).processID;
  }

  query(cursor: never): never;
  query<R>(text: string, values: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  async query(text: string, values: readonly unknown[] = []): Promise<unknown> {
    const client = this.#client;
    if (client.getTransactionStatus() !== 'I') return client.query(text, [...values]);
    if (!beginning.test(text)) return runBound(client, this.#tenantId, { text, values });
    // Together in the simple protocol: an isolation level must be set before any other statement.
    const tenant = client.escapeLiteral(this.#tenantId);
    return client.query(`${text}; select sluice_bind(${tenant})`);
  }

  release(): void {
    giveBack(this.#client);
  }
}

/** As Kysely begins transactions. */
const beginning = /^(begin|start transaction)\b/;

/** A transaction that nobody ended ends with its connection, and what was bound with it. */
const giveBack = (client: PoolClient): void =>
  client.release(client.getTransactionStatus() !== 'I');
