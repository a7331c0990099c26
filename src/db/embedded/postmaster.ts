import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync } from 'node:fs';
import { chown, lstat, mkdir, readFile, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { UserError } from '../../../lib/errors.ts';
import { postgresEnv } from './cluster.ts';
import { type Home, socketFolderOf } from './home.ts';

const run = promisify(execFile);
const { O_CREAT, O_NOFOLLOW, O_TRUNC, O_WRONLY } = constants;

/** flock's exit code when something still holds the data directory. */
export const heldExitCode = 75;

/** What PostgreSQL said before its own log was open; the rest is in the data directory's log/. */
const startLogName = 'start.log';
// The folder is PostgreSQL's user's: as root we must not write where a link of its making leads.
const startLogFlags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW;

/**
 * Starts PostgreSQL on its data directory, detached, so that it outlives us; does not wait for it.
 *
 * It runs under a lock on the directory that it and all its children inherit: while any process of
 * an earlier one is left, the start ends with `heldExitCode` instead.
 */
export async function spawnPostmaster(home: Home): Promise<ChildProcess> {
  const { cluster, native, owner } = home;
  const program = join(native, 'bin', 'postgres');
  const settings = Object.entries(await settingsOf(home)).flatMap((pair) => ['-c', pair.join('=')]);
  const start = (await isPidReused(cluster)) ? removeLockAndExec : plainExec;
  const log = openSync(join(cluster, startLogName), startLogFlags, 0o600);
  try {
    const lock = ['--nonblock', '--no-fork', '--conflict-exit-code', String(heldExitCode), cluster];
    const child = spawn(
      'flock',
      [...lock, 'sh', '-c', start, program, '-D', cluster, ...settings],
      {
        ...owner,
        cwd: '/',
        env: postgresEnv,
        detached: true,
        stdio: ['ignore', log, log],
      },
    );
    child.unref();
    await once(child, 'spawn');
    return child;
  } finally {
    closeSync(log);
  }
}

const plainExec = 'exec "$0" "$@"';
const removeLockAndExec = `rm -f "$2/postmaster.pid"; ${plainExec}`;

async function settingsOf(home: Home): Promise<Record<string, string | number>> {
  return {
    listen_addresses: '',
    unix_socket_directories: await makeSocketFolder(home),
    unix_socket_permissions: '0700',
    port: 5432,
    max_connections: 100,
    shared_buffers: '64MB',
    fsync: 'on',
    synchronous_commit: 'on',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // One file for each day of the week, written over a week later: bounded without anybody's care.
    logging_collector: 'on',
    log_directory: 'log',
    log_filename: 'postgres-%a.log',
    log_truncate_on_rotation: 'on',
    log_rotation_size: 0,
  };
}

async function makeSocketFolder({ cluster, owner }: Home): Promise<string> {
  const folder = socketFolderOf(cluster);
  if (folder === cluster) return folder;
  const uid = owner?.uid ?? process.getuid?.() ?? 0;
  try {
    await mkdir(folder, { mode: 0o700 });
    if (owner) await chown(folder, owner.uid, owner.gid);
  } catch {
    // In /tmp anybody could have made it first, to answer in PostgreSQL's place.
    const found = await lstat(folder);
    if (!found.isDirectory() || found.uid !== uid || (found.mode & 0o077) !== 0) {
      throw new UserError(`${folder}, for the database's socket, belongs to somebody else.`);
    }
  }
  return folder;
}

/** The pid of the PostgreSQL that runs on the data directory, whoever started it. */
export async function findPostmaster(cluster: string): Promise<number | undefined> {
  const pid = await readPid(cluster);
  if (pid === undefined) return undefined;
  try {
    // PostgreSQL's working directory is its data directory; a zombie has none, a reused pid another.
    const [at, expected] = await Promise.all([readlink(`/proc/${pid}/cwd`), realpath(cluster)]);
    return at === expected ? pid : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether postmaster.pid names a living process that is no PostgreSQL of this directory: after a
 * container's restart, when pids are dealt anew, or a zombie that nobody reaps. PostgreSQL itself only
 * asks whether the pid lives, and would never start again.
 */
async function isPidReused(cluster: string): Promise<boolean> {
  const pid = await readPid(cluster);
  if (pid === undefined || (await findPostmaster(cluster)) !== undefined) return false;
  return lstat(`/proc/${pid}`).then(
    () => true,
    () => false,
  );
}

async function readPid(cluster: string): Promise<number | undefined> {
  try {
    const [line] = (await readFile(join(cluster, 'postmaster.pid'), 'utf8')).split('\n');
    return Number(line) || undefined;
  } catch {
    return undefined;
  }
}

/** Stops PostgreSQL: clients are cut, what was committed is written, then it ends. */
export async function stopPostmaster({ cluster, native, owner }: Home): Promise<void> {
  const args = ['stop', '--pgdata', cluster, '--mode=fast', '--wait', '--timeout=60', '--silent'];
  await run(join(native, 'bin', 'pg_ctl'), args, { ...owner, cwd: '/', env: postgresEnv });
}

/** Why PostgreSQL did not start, in its own words. */
export async function startFault(cluster: string): Promise<UserError> {
  const lines = (await readFile(join(cluster, startLogName), 'utf8')).trim().split('\n');
  const said = lines.slice(-5).join(' ');
  return new UserError(`PostgreSQL does not start on ${cluster}: ${said} (more in its log folder)`);
}
