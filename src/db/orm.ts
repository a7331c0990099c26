import { Migrator } from '@mikro-orm/migrations';
import { MikroORM } from '@mikro-orm/postgresql';
import type { Pool } from 'pg';
import { migrationsList } from '../../migrations/list.ts';
import { Agent } from '../entities/Agent.ts';
import { AgentCredential } from '../entities/AgentCredential.ts';
import { AuditEntry } from '../entities/AuditEntry.ts';
import { HostFeed } from '../entities/HostFeed.ts';
import { Port } from '../entities/Port.ts';
import { PortBinding } from '../entities/PortBinding.ts';
import { QosAgentBinding } from '../entities/QosAgentBinding.ts';
import { QosRule } from '../entities/QosRule.ts';
import { TenantQuota } from '../entities/TenantQuota.ts';
import { endSilent, takeBackLost } from './lostConnections.ts';
import { endCutWork } from './work.ts';

export interface DatabaseOptions {
  readonly url: string;
  /** Most connections this process holds, besides the doorbell's own. */
  readonly poolSize?: number;
  /** How long anything may take, the usual where left out. Null, for work of any length: whatever it takes. */
  readonly bounds?: DatabaseBounds | null | undefined;
}

/** How long a caller may be kept waiting: none waits for ever, whatever becomes of the database. */
export interface DatabaseBounds {
  /** For a connection: a free one, or a new one. */
  readonly connectionMs: number;
  /** For one statement, also where it waits for a lock: PostgreSQL cancels it then. */
  readonly statementMs: number;
  /** For a word of the database: it is given up then, and its connection with it. */
  readonly silenceMs: number;
  /** For the next statement of a transaction: the database gives up a server that is gone without a word, and frees its locks. */
  readonly idleInTransactionMs: number;
}

export const usualBounds: DatabaseBounds = {
  connectionMs: 10_000,
  statementMs: 10_000,
  silenceMs: 12_000,
  idleInTransactionMs: 10_000,
};

/** The bounds of a server whose operations may take so long. */
export function boundsFor(operationMs: number): DatabaseBounds {
  const statementMs = Math.max(operationMs, usualBounds.statementMs);
  return { ...usualBounds, statementMs, silenceMs: statementMs + 2_000 };
}

/** Opens the database. Lazy: an unreachable one shows at the first query, not here. */
export async function openDatabase({
  url,
  poolSize = 10,
  bounds = usualBounds,
}: DatabaseOptions): Promise<MikroORM> {
  return MikroORM.init({
    clientUrl: url,
    entities: [
      Port,
      QosRule,
      PortBinding,
      HostFeed,
      Agent,
      QosAgentBinding,
      AuditEntry,
      AgentCredential,
      TenantQuota,
    ],
    extensions: [Migrator],
    pool: { min: 0, max: poolSize },
    driverOptions: {
      onPoolCreated: (pool: Pool) => guardPool(pool, bounds),
      ...(bounds && boundedOptions(bounds)),
    },
    forceUtcTimezone: true,
    ensureDatabase: false,
    // What went wrong reaches us as an error; what goes well is our own log's to tell.
    logger: () => undefined,
    migrations: {
      migrationsList,
      snapshot: false,
      transactional: true,
      allOrNothing: true,
    },
  });
}

/** Whoever waits on one of the pool's connections hears of its end. */
export function guardPool(pool: Pool, bounds: DatabaseBounds | null): void {
  takeBackLost(pool);
  endCutWork(pool);
  if (bounds) endSilent(pool, bounds.silenceMs);
}

/** The bounds that pg and PostgreSQL keep to by themselves. */
export const boundedOptions = ({
  connectionMs,
  statementMs,
  idleInTransactionMs,
}: DatabaseBounds) => ({
  connectionTimeoutMillis: connectionMs,
  statement_timeout: statementMs,
  idle_in_transaction_session_timeout: idleInTransactionMs,
});
