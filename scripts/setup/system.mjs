import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { say } from './say.mjs';

/** Commands that we need, or a package's first file where it brings none, and the Debian packages that bring them. */
const packageOf = {
  'ovs-vswitchd': 'openvswitch-switch',
  ip: 'iproute2',
  iperf3: 'iperf3',
  'nats-server': 'nats-server',
  'qemu-system-x86_64': 'qemu-system-x86',
  busybox: 'busybox-static',
  cpio: 'cpio',
  depmod: 'kmod',
  'systemd-analyze': 'systemd',
  'systemd-nspawn': 'systemd-container',
  debootstrap: 'debootstrap',
  rpmbuild: 'rpm',
  'docker-compose': 'docker-compose',
  zsh: 'zsh',
  fish: 'fish',
  '/usr/lib/python3/dist-packages/websockets/__init__.py': 'python3-websockets',
};

// A user's PATH may lack the system's own folders, where the daemons are.
const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin', '/usr/local/sbin'];

/**
 * Sees to it that the commands are there: as root installs what is missing, otherwise prints how.
 * Does not throw: `without` says what will not work where they stay missing.
 */
export function installCommands(commands, { without }) {
  const packages = missing(commands).map((command) => packageOf[command]);
  if (packages.length === 0) return;
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', ...packages];
  if (process.getuid?.() === 0) {
    // Whatever update says: one source that is away does not keep the package from another.
    apt('update');
    if (apt(...install.slice(1))) return;
  }
  say(`Not installed: ${packages.join(', ')}. ${without}`);
  say(`To install: sudo apt-get update && sudo ${install.join(' ')}`);
}

function missing(commands) {
  const isThere = (command) =>
    command.startsWith('/')
      ? existsSync(command)
      : folders.some((folder) => existsSync(join(folder, command)));
  return commands.filter((command) => !isThere(command));
}

function apt(...args) {
  say(`Running apt-get ${args.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // apt-get's report is no output of ours.
  return spawnSync('apt-get', args, { env, stdio: ['ignore', 2, 2] }).status === 0;
}
