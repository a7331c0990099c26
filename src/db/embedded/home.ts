import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, rename, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { UserError } from '../../../lib/errors.ts';
import { type Binaries, findBinaries } from './binaries.ts';
import { findOwner, type Owner, ownerCan } from './owner.ts';

/** Where a database lives, what runs it, and as whom. */
export interface Home {
  /** PostgreSQL's data directory. */
  readonly cluster: string;
  /** Folder with PostgreSQL's bin/, lib/ and share/. */
  readonly native: string;
  /** Whom to run it as; undefined: as ourselves. */
  readonly owner: Owner | undefined;
}

/** Where the database of a data folder goes that PostgreSQL's user cannot reach. */
const refuge = '/var/lib/sluice/embedded';

/**
 * Finds the home of a data folder's database: the folder itself, or, where PostgreSQL's user cannot
 * reach it or the binaries (a checkout under a home with mode 0700), a folder of its own under
 * /var/lib. A database that exists stays where it is: a second, empty one must never take its place.
 */
export async function findHome(dataDir: string): Promise<Home> {
  const folder = resolve(dataDir);
  await mkdir(folder, { recursive: true });
  const binaries = findBinaries();
  const inPlace = join(folder, 'postgres');
  const owner = await findOwner();
  if (!owner) return { cluster: inPlace, native: binaries.folder, owner };

  const elsewhere = join(refuge, refugeName(folder));
  const reachable =
    (await ownerCan(owner, '-x', folder)) &&
    (await ownerCan(owner, '-x', join(binaries.folder, 'bin', 'postgres')));
  const moved = existsSync(join(elsewhere, 'postgres', 'PG_VERSION'));
  if (reachable && !moved) return { cluster: inPlace, native: binaries.folder, owner };
  if (!moved && existsSync(join(inPlace, 'PG_VERSION'))) {
    throw new UserError(
      `The user that PostgreSQL runs as can no longer reach its database in ${inPlace}. Give it execute permission on every folder above, and on ${binaries.folder}.`,
    );
  }
  for (const step of ['/var/lib/sluice', refuge, elsewhere]) await mkdirPassable(step);
  const native = await copyBinaries(binaries, elsewhere);
  return { cluster: join(elsewhere, 'postgres'), native, owner };
}

/** `data-3f9a…`: readable, and different for each folder. */
function refugeName(folder: string): string {
  const hash = createHash('sha256').update(folder).digest('hex').slice(0, 12);
  return `${basename(folder)}-${hash}`;
}

/** A folder that others may pass through, whatever our umask; one that exists keeps its mode. */
async function mkdirPassable(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o711);
}

async function copyBinaries({ folder, version }: Binaries, target: string): Promise<string> {
  const copy = join(target, `native-${version}`);
  if (existsSync(copy)) return copy;
  // Renamed into place when whole: a copy that was cut short is never run.
  const partial = `${copy}.partial-${process.pid}`;
  await cp(folder, partial, { recursive: true, verbatimSymlinks: true });
  await rename(partial, copy).catch(async (error: unknown) => {
    await rm(partial, { recursive: true });
    if (!existsSync(copy)) throw error;
  });
  return copy;
}

/**
 * The folder for the database's socket: the data directory, which is 0700 already, or, where that
 * makes the name too long for a socket address, a folder in /tmp.
 */
export function socketFolderOf(cluster: string): string {
  // sockaddr_un(7): 108 bytes with the closing NUL, of which PostgreSQL's own name takes these.
  const longest = 107 - '/.s.PGSQL.5432'.length;
  if (Buffer.byteLength(cluster) <= longest) return cluster;
  return join('/tmp', `sluice-${createHash('sha256').update(cluster).digest('hex').slice(0, 16)}`);
}
