import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { Bulk } from '../../lib/bulk.ts';
import { query } from '../db/query.ts';
import { isUnavailable } from '../db/unavailable.ts';
import type { FeedPosition } from '../domain/feedCursor.ts';

/** Where a host's feed stands. */
export interface FeedHead {
  readonly host: string;
  readonly position: FeedPosition;
  readonly adminStateUp: boolean;
}

/** Of hosts that have a feed, in one statement. */
export async function readHeads(em: EntityManager, hosts: readonly string[]): Promise<FeedHead[]> {
  const rows = await query(
    em,
    sql<{ host: string; epoch: string; head: string; adminStateUp: boolean }>`
      select host, epoch::text || '.' || (select sluice_cluster()) as epoch, head,
        admin_state_up as "adminStateUp"
      from host_feeds where host = any (${hosts}::text[])`,
  );
  return rows.map(({ host, epoch, head, adminStateUp }) => ({
    host,
    position: { epoch, revision: BigInt(head) },
    adminStateUp,
  }));
}

/** Reads one head; undefined where the host has no feed. Those asked for at about the same time are read together. */
export type ReadHead = (host: string) => Promise<FeedHead | undefined>;

export function headReader(orm: MikroORM): ReadHead {
  const bulk = new Bulk<string, FeedHead | undefined>({
    write: async (hosts) => {
      const heads = await readHeads(orm.em.fork(), hosts);
      const byHost = new Map(heads.map((head) => [head.host, head]));
      return hosts.map((host) => byHost.get(host));
    },
    most: 500,
    gatherMs: 5,
    concernsAll: isUnavailable,
  });
  return (host) => bulk.add(host);
}
