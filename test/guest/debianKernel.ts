import { join } from 'node:path';
import { run } from '../../scripts/lab/command.ts';

/** A package of Debian's that holds one kernel. */
export interface KernelPackage {
  readonly name: string;
  readonly version: string;
}

/** An unpacked kernel: `boot/vmlinuz-<release>` and `lib/modules/<release>` below its root. */
export interface Kernel {
  readonly root: string;
  readonly release: string;
}

/** The kernel that Debian's `linux-image-amd64` stands for, as the package lists here have it. */
export async function findKernel(): Promise<KernelPackage> {
  // A machine just made has no lists.
  const found = (await readLists().catch(() => null)) ?? (await updateLists().then(readLists));
  if (found) return found;
  throw new Error(
    'The package lists name no kernel: linux-image-amd64 is not there, or not Debian’s.',
  );
}

/** Downloads and unpacks it into the folder; nothing is installed. */
export async function unpackKernel(
  { name, version }: KernelPackage,
  root: string,
): Promise<Kernel> {
  // As root: apt's own user may not write into our folder.
  const download = ['-o', 'APT::Sandbox::User=root', 'download', `${name}=${version}`];
  await run('env', ['--chdir', root, 'apt-get', ...download], { timeoutMs: 120_000 });
  await run('sh', ['-c', 'dpkg-deb --extract "$1"/*.deb "$1"', 'sh', root], { timeoutMs: 60_000 });
  const release = name.slice('linux-image-'.length);
  await run('depmod', ['--basedir', root, release]);
  return { root, release };
}

/** The files of these modules and of all that they need, as paths below the kernel's root. */
export async function moduleFiles(
  { root, release }: Kernel,
  names: readonly string[],
): Promise<readonly string[]> {
  const where = ['--dirname', root, '--set-version', release];
  const lines = await run('modprobe', [...where, '--show-depends', '--all', ...names]);
  const files = [...lines.matchAll(/^insmod (\S+)/gm)].map(([, file = '']) => file);
  return [...new Set(files.map((file) => file.slice(join(root, '/').length)))];
}

async function readLists(): Promise<KernelPackage | null> {
  const lists = await run('apt-cache', ['show', '--no-all-versions', 'linux-image-amd64']);
  const found = /^Depends:.*?(linux-image-\d\S*) \(= ([^)]+)\)/m.exec(lists);
  const [, name, version] = found ?? [];
  return name && version ? { name, version } : null;
}

async function updateLists(): Promise<void> {
  await run('apt-get', ['update'], { timeoutMs: 120_000 });
}
