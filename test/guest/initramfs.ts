import { chmod, copyFile, mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from '../../scripts/lab/command.ts';
import { type Kernel, moduleFiles } from './debianKernel.ts';

/** For the shares and the channel (init.sh), and what Open vSwitch, tc and links ask the kernel for. */
const modules = [
  ...['virtio_pci', 'virtio_console', 'virtio_net', '9pnet_virtio', '9p', 'crc32c_generic', 'tun'],
  ...['openvswitch', 'veth', 'bonding', 'af_packet', 'nf_conntrack_netlink'],
  ...['sch_ingress', 'sch_htb', 'cls_basic', 'cls_matchall', 'cls_u32', 'act_police', 'sch_netem'],
];

const folders = [
  ...['dev', 'proc', 'sys', 'run', 'tmp', 'usr', 'compiled', 'var'],
  ...['etc/alternatives', 'etc/openvswitch'],
];

/** As Debian has them since /usr holds all programs; but `lib` is a folder, for the kernel's modules. */
const links = {
  bin: 'usr/bin',
  sbin: 'usr/sbin',
  lib64: 'usr/lib64',
  'lib/x86_64-linux-gnu': '/usr/lib/x86_64-linux-gnu',
  'var/run': '/run',
};

const files = {
  busybox: '/bin/busybox',
  init: join(import.meta.dirname, 'init.sh'),
  'serve.sh': join(import.meta.dirname, 'serve.sh'),
};

/** All that decides, beside the kernel, what the file system holds. */
export const sources: readonly string[] = [import.meta.filename, ...Object.values(files)];

/** Lays the guest's first file system out in the folder and packs it into the archive that a kernel takes. */
export async function makeInitramfs(
  kernel: Kernel,
  folder: string,
  archive: string,
): Promise<void> {
  for (const name of folders) await mkdir(join(folder, name), { recursive: true });
  await copyModules(kernel, folder);
  for (const [name, target] of Object.entries(links)) await symlink(target, join(folder, name));
  for (const [name, file] of Object.entries(files)) await copyFile(file, join(folder, name));
  await chmod(join(folder, 'init'), 0o755);
  const names = await run('find', [folder, '-mindepth', '1', '-printf', '%P\\n']);
  // linux: Documentation/driver-api/early-userspace/buffer-format.rst: "newc".
  const pack = ['--create', '--format=newc', '--quiet', '--owner=0:0'];
  await run('cpio', [...pack, '--directory', folder, '--file', archive], { input: names });
}

async function copyModules(kernel: Kernel, folder: string): Promise<void> {
  for (const file of await moduleFiles(kernel, modules)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await copyFile(join(kernel.root, file), join(folder, file));
  }
  await run('depmod', ['--basedir', folder, kernel.release]);
}
