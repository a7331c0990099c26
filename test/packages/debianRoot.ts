import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from '../../scripts/lab/command.ts';

/** The oldest Debian that the packages are for. */
const suite = 'bookworm';
const packages = [
  ...['systemd', 'systemd-sysv', 'dbus', 'openvswitch-switch', 'postgresql', 'iproute2', 'curl'],
  ...['ca-certificates', 'man-db'],
];

/** A Debian by itself, from the user's cache folder or made anew by debootstrap (a minute and a half). */
export async function debianRoot(): Promise<string> {
  const digest = createHash('sha256').update(packages.join(' ')).digest('hex').slice(0, 12);
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const folder = join(cache, 'sluice', 'debian', `${suite}-${digest}`);
  if (!existsSync(folder)) await make(folder);
  return folder;
}

/** Beside its place, and moved there when it is whole. */
async function make(folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const work = await mkdtemp(`${folder}-`);
  try {
    const include = `--include=${packages.join(',')}`;
    await run('debootstrap', ['--variant=minbase', include, suite, work], { timeoutMs: 400_000 });
    await run('sh', ['-c', 'rm -rf "$1"/var/cache/apt/archives/*.deb', 'sh', work]);
    await run('chmod', ['0755', work]);
    await rename(work, folder);
  } catch (error) {
    await rm(work, { recursive: true, force: true });
    throw error;
  }
}
