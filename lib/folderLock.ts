import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { UserError } from './errors.ts';

/** SQLITE_BUSY: another connection holds the lock (sqlite.org/rescode.html#busy). */
const busy = 5;
/** Longer than `findHolder` holds it up, by far. */
const lockWithinMs = 1_000;

/** Who holds a folder. The pid is what it wrote down; null where it cannot be read. */
export interface Holder {
  readonly pid: number | null;
}

/**
 * Holds a folder for this process alone, until released or dead. Node offers no file lock; SQLite's is
 * fcntl(2)'s, which the kernel gives up with the process: there is no stale lock to judge, whatever killed the
 * holder, and pids of another namespace do not mislead. `refusal` is told who holds it, as " (pid 5)"
 * or "", and gives the sentence that refuses.
 */
export function lockFolder(folder: string, refusal: (holder: string) => string): Disposable {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(join(folder, 'lock'), { timeout: lockWithinMs });
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (!isBusy(error)) throw error;
    const { pid } = holderIn(folder);
    throw new UserError(refusal(pid === null ? '' : ` (pid ${pid})`));
  }
  const pidFile = pidFileIn(folder);
  writeFileSync(pidFile, `${process.pid}\n`);
  return {
    [Symbol.dispose]: () => {
      rmSync(pidFile, { force: true });
      database.close();
    },
  };
}

/** Who holds the folder now; null: nobody. */
export function findHolder(folder: string): Holder | null {
  const path = join(folder, 'lock');
  if (!existsSync(path)) return null;
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    database.exec('SELECT count(*) FROM sqlite_schema');
    return null;
  } catch (error) {
    if (isBusy(error)) return holderIn(folder);
    throw error;
  } finally {
    database.close();
  }
}

function pidFileIn(folder: string): string {
  return join(folder, 'pid');
}

function holderIn(folder: string): Holder {
  try {
    return { pid: Number.parseInt(readFileSync(pidFileIn(folder), 'utf8'), 10) || null };
  } catch {
    return { pid: null };
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === busy;
}
