import { sql } from 'kysely';
import { query } from '../db/query.ts';
import type { Actor } from '../domain/actor.ts';
import type { Direction } from '../domain/ranges.ts';
import type { LockedPort } from './locks.ts';
import type { Services } from './services.ts';

/**
 * The port as it is registered now, and whether it has a rule for the direction: what making a rule is
 * decided on. The write looks again under the lock.
 */
export async function readPlace(
  { emFor }: Services,
  actor: Actor,
  portId: string,
  direction: Direction,
): Promise<{ readonly port: LockedPort | undefined; readonly taken: boolean }> {
  const [port] = await query(
    emFor(actor),
    sql<LockedPort & { taken: boolean }>`
      select id, tenant_id as "tenantId", network_id as "networkId", name, exists (
        select 1 from qos_rules where port_id = ${portId} and direction = ${direction}) as taken
      from ports where id = ${portId}`,
  );
  return { port, taken: port?.taken ?? false };
}
