import type { Pool, PoolClient } from 'pg';
import { socketOf } from './connections.ts';

/** Whoever holds a connection that ended mostly hears of it by a query that fails, and gives it back. */
const graceMs = 500;

/**
 * Takes back connections that ended while they were held. A transaction whose connection is gone can
 * neither commit nor roll back, and Kysely gives one back only after it did: without this each
 * transaction under way while PostgreSQL dies would cost a place in the pool for good.
 */
export function takeBackLost(pool: Pool): void {
  const held = heldOf(pool);
  pool.on('connect', (client) => {
    client.once('end', () => {
      if (held.has(client)) setTimeout(() => held.delete(client) && client.release(true), graceMs);
    });
  });
}

/**
 * Ends a connection that is held and on which nothing has passed for so long: a database that is gone
 * without a word is noticed by the kernel only after a quarter of an hour, and whoever waits for its
 * answer would wait as long. Idle ones are for the pool to end.
 */
export function endSilent(pool: Pool, mostMs: number): void {
  const held = heldOf(pool);
  pool.on('connect', (client) => {
    const socket = socketOf(client);
    socket.setTimeout(mostMs, () => {
      if (held.has(client)) socket.destroy(new Error(silence(mostMs)));
    });
  });
}

const silence = (mostMs: number): string =>
  `Connection terminated: the database has said nothing for ${mostMs / 1_000} s.`;

/** The connections that are in somebody's hands, kept current. */
function heldOf(pool: Pool): Set<PoolClient> {
  const held = new Set<PoolClient>();
  pool.on('acquire', (client) => held.add(client));
  pool.on('release', (_error, client) => held.delete(client));
  return held;
}
