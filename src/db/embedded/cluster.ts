import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Home } from './home.ts';

const run = promisify(execFile);

/** PostgreSQL's superuser in the embedded database, and the database's owner. */
export const superuser = 'sluice';

/** Creates the data directory where there is none; true if it did. Safe to call from several servers at once. */
export async function createCluster(home: Home): Promise<boolean> {
  if (existsSync(join(home.cluster, 'PG_VERSION'))) return false;
  await removeUnfinished(home.cluster);
  // Renamed into place when whole, so that a creation cut short is never taken for a database.
  const unfinished = `${home.cluster}.new-${process.pid}`;
  await mkdir(unfinished, { mode: 0o700 });
  if (home.owner) await chown(unfinished, home.owner.uid, home.owner.gid);
  await initdb(home, unfinished);
  try {
    await rename(unfinished, home.cluster);
    return true;
  } catch (error) {
    await rm(unfinished, { recursive: true });
    if (existsSync(join(home.cluster, 'PG_VERSION'))) return false;
    throw error;
  }
}

async function initdb({ native, owner }: Home, cluster: string): Promise<void> {
  await run(
    join(native, 'bin', 'initdb'),
    [
      `--pgdata=${cluster}`,
      `--username=${superuser}`,
      // Who may connect is decided by the socket's folder, which is 0700; there is no TCP.
      '--auth=trust',
      '--encoding=UTF8',
      // The same order of strings on every machine, whatever its libc and ICU.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
    ],
    { ...owner, cwd: '/', env: postgresEnv },
  );
}

/** What a creation left behind whose process is gone. */
async function removeUnfinished(cluster: string): Promise<void> {
  const prefix = `${basename(cluster)}.new-`;
  for (const name of await readdir(dirname(cluster))) {
    const creator = name.startsWith(prefix) ? name.slice(prefix.length) : undefined;
    if (creator === undefined || existsSync(`/proc/${creator}`)) continue;
    await rm(join(dirname(cluster), name), { recursive: true });
  }
}

/** Our own environment could change PostgreSQL's ways: PGPORT, PGDATA, LC_ALL and others. */
export const postgresEnv = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C' };
