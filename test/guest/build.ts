import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { findKernel, type KernelPackage, unpackKernel } from './debianKernel.ts';
import { makeInitramfs, sources } from './initramfs.ts';

/** What the guest boots: Debian's kernel, and its first file system. */
export interface GuestImage {
  readonly kernel: string;
  readonly initrd: string;
}

/**
 * The image, from the user's cache folder or built anew: it is kept under the kernel's version and a digest
 * of all else that goes into it. Needs root on Debian for x86-64, with busybox-static, cpio and kmod.
 */
export async function buildGuest(): Promise<GuestImage> {
  requirePlatform();
  const kernel = await findKernel();
  const folder = join(cacheFolder(), `${kernel.version}-${await digest()}`);
  if (!existsSync(folder)) await build(kernel, folder);
  return imageIn(folder);
}

function requirePlatform(): void {
  if (process.arch === 'x64' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) return;
  throw new Error('The guest with the kernel datapath is made by root, on Debian for x86-64.');
}

function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'sluice', 'guest');
}

function imageIn(folder: string): GuestImage {
  return { kernel: join(folder, 'vmlinuz'), initrd: join(folder, 'initrd') };
}

async function digest(): Promise<string> {
  const hash = createHash('sha256');
  for (const file of sources) hash.update(await readFile(file));
  return hash.digest('hex').slice(0, 12);
}

/** Beside its place, and moved there when it is whole: another build at the same time does no harm. */
async function build(found: KernelPackage, folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const work = await mkdtemp(`${folder}-`);
  const [unpacked, root, result] = [join(work, 'kernel'), join(work, 'root'), join(work, 'result')];
  try {
    for (const part of [unpacked, root, result]) await mkdir(part);
    const kernel = await unpackKernel(found, unpacked);
    const image = imageIn(result);
    await copyFile(join(unpacked, 'boot', `vmlinuz-${kernel.release}`), image.kernel);
    await makeInitramfs(kernel, root, image.initrd);
    await rename(result, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
