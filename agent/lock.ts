import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { UserError } from '../lib/errors.ts';

/** SQLITE_BUSY: another connection holds the lock (sqlite.org/rescode.html#busy). */
const busy = 5;

/**
 * Holds a folder for this process alone, until released or dead. Node offers no file lock; SQLite's is
 * fcntl(2)'s, which the kernel gives up with the process: there is no stale lock to judge, whatever killed the
 * holder, and pids of another namespace do not mislead.
 */
export function lockFolder(folder: string): Disposable {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(join(folder, 'lock'));
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (!isBusy(error)) throw error;
    throw new UserError(
      `Another agent is running on ${folder}; stop it, or give this one its own SLUICE_DATA.`,
    );
  }
  return { [Symbol.dispose]: () => database.close() };
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === busy;
}
