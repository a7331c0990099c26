import type { Pool, PoolClient } from 'pg';

/** Whoever holds a connection that ended mostly hears of it by a query that fails, and gives it back. */
const graceMs = 500;

/**
 * Takes back connections that ended while they were held. A transaction whose connection is gone can
 * neither commit nor roll back, and Kysely gives one back only after it did: without this each
 * transaction under way while PostgreSQL dies would cost a place in the pool for good.
 */
export function takeBackLost(pool: Pool): void {
  const held = new Set<PoolClient>();
  pool.on('acquire', (client) => held.add(client));
  pool.on('release', (_error, client) => held.delete(client));
  pool.on('connect', (client) => {
    client.once('end', () => {
      if (held.has(client)) setTimeout(() => held.delete(client) && client.release(true), graceMs);
    });
  });
}
