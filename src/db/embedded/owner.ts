import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { messageOf, UserError } from '../../../lib/errors.ts';

const run = promisify(execFile);

/** The system user that PostgreSQL runs as when we are root, which it refuses to be. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

const userName = 'sluice';

/** The user `sluice`, made if it is missing; undefined where we are not root and run PostgreSQL ourselves. */
export async function findOwner(): Promise<Owner | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  return (await lookUp()) ?? (await create());
}

async function lookUp(): Promise<Owner | undefined> {
  try {
    const [uid, gid] = await Promise.all(['-u', '-g'].map((which) => run('id', [which, userName])));
    return uid && gid && { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}

async function create(): Promise<Owner> {
  const account = ['--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent'];
  let fault = '';
  try {
    await run('useradd', [...account, '--shell', '/usr/sbin/nologin', userName]);
  } catch (error) {
    fault = messageOf(error);
  }
  // Looked up also after a failure: another server may have made it at the same moment.
  const owner = await lookUp();
  if (owner) return owner;
  throw new UserError(
    `PostgreSQL does not run as root, and the system user "${userName}" could not be made for it: ${fault.trim()}`,
  );
}

/** Whether the owner can do what `test` is asked: the kernel's answer, access lists and mounts included. */
export async function ownerCan(owner: Owner, ...test: string[]): Promise<boolean> {
  try {
    await run('test', test, { ...owner, cwd: '/' });
    return true;
  } catch {
    return false;
  }
}
