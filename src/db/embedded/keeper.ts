import { Client, DatabaseError } from 'pg';
import { superuser } from './cluster.ts';

/**
 * A connection that is held as long as somebody needs the database. Its lock tells the others that
 * we are here, its end tells us that PostgreSQL died; both need no more than the kernel's word, and
 * are right after a kill -9 of either side.
 */
export interface Keeper {
  /** Resolves when the connection is gone. */
  readonly ended: Promise<void>;
  /** Leaves; whoever is the last one to leave stops PostgreSQL by `stop`, and nobody comes meanwhile. */
  leave(stop: () => Promise<void>): Promise<void>;
}

const database = 'sluice';

// Held shared by everybody who needs the database; only the last one to leave gets it exclusively.
const keeperLock = 0x51_0c_e1;

/** The database's address in the form that both pg and MikroORM take: the socket's folder as the host. */
export function urlOf(socketFolder: string, name = database): string {
  return `postgres://${superuser}@${encodeURIComponent(socketFolder)}/${name}`;
}

/** Connects, and makes sure that the database exists. */
export async function connectKeeper(socketFolder: string): Promise<Keeper> {
  const client = new Client({
    connectionString: urlOf(socketFolder, 'postgres'),
    application_name: 'sluice-keeper',
    connectionTimeoutMillis: 5_000,
  });
  const ended = new Promise<void>((resolve) => client.once('end', () => resolve()));
  // An error without a listener would end the process; the end that follows is what counts.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select pg_advisory_lock_shared($1)', [keeperLock]);
    await ensureDatabase(client);
  } catch (error) {
    await client.end();
    throw error;
  }
  return { ended, leave: (stop) => leave(client, stop) };
}

async function leave(client: Client, stop: () => Promise<void>): Promise<void> {
  try {
    if (await isLastToLeave(client)) await stop();
  } finally {
    await client.end();
  }
}

async function isLastToLeave(client: Client): Promise<boolean> {
  try {
    await client.query('select pg_advisory_unlock_shared($1)', [keeperLock]);
    const { rows } = await client.query('select pg_try_advisory_lock($1) as last', [keeperLock]);
    return rows[0].last === true;
  } catch (error) {
    // Died before we left: there is nothing to stop.
    if (isNotReady(error)) return false;
    throw error;
  }
}

async function ensureDatabase(client: Client): Promise<void> {
  const found = await client.query('select from pg_database where datname = $1', [database]);
  if (found.rowCount) return;
  try {
    await client.query(`create database ${database}`);
  } catch (error) {
    // duplicate_database, or unique_violation where another server is making it at this moment.
    if (!['42P04', '23505'].includes(codeOf(error))) throw error;
  }
}

/** Whether PostgreSQL is not there, not yet, or no more: it says so (class 57P) or its socket does. */
export function isNotReady(error: unknown): boolean {
  return error instanceof DatabaseError ? codeOf(error).startsWith('57P') : error instanceof Error;
}

function codeOf(error: unknown): string {
  return error instanceof DatabaseError ? (error.code ?? '') : '';
}
