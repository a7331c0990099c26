import { Migrator } from '@mikro-orm/migrations';
import { MikroORM } from '@mikro-orm/postgresql';
import { migrationsList } from '../../migrations/list.ts';
import { Agent } from '../entities/Agent.ts';
import { AgentCredential } from '../entities/AgentCredential.ts';
import { AuditEntry } from '../entities/AuditEntry.ts';
import { HostFeed } from '../entities/HostFeed.ts';
import { Port } from '../entities/Port.ts';
import { PortBinding } from '../entities/PortBinding.ts';
import { QosAgentBinding } from '../entities/QosAgentBinding.ts';
import { QosRule } from '../entities/QosRule.ts';
import { takeBackLost } from './lostConnections.ts';

export interface DatabaseOptions {
  readonly url: string;
  /** Most connections this process holds, besides the doorbell's own. */
  readonly poolSize?: number;
}

/** Opens the database. Lazy: an unreachable one shows at the first query, not here. */
export async function openDatabase({ url, poolSize = 10 }: DatabaseOptions): Promise<MikroORM> {
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
    ],
    extensions: [Migrator],
    pool: { min: 0, max: poolSize },
    driverOptions: { onPoolCreated: takeBackLost },
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
