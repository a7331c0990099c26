import { join } from 'node:path';
import type { GuestImage } from './build.ts';

const checkout = join(import.meta.dirname, '..', '..');

/** Folders of this machine that the guest mounts, by the names that init.sh has for them. */
const shares = { usr: '/usr', alternatives: '/etc/alternatives', checkout };

/** The socket that is the guest's serial port. */
export function channelIn(dir: string): string {
  return join(dir, 'channel');
}

/**
 * How qemu is to be called: two processors, all of it in software, its console on standard output. Not
 * `-cpu max`: with what that adds, emulated by qemu 7.2, V8 finds its pages of code inconsistent and aborts.
 */
export function machineOptions({ kernel, initrd }: GuestImage, dir: string): readonly string[] {
  return [
    ...[
      '-machine',
      'q35',
      '-accel',
      'tcg,thread=multi',
      '-cpu',
      'Nehalem',
      '-smp',
      '2',
      '-m',
      '1024',
    ],
    ...['-nodefaults', '-no-user-config', '-no-reboot', '-display', 'none', '-serial', 'stdio'],
    // panic=-1: reboot at once, which ends qemu.
    ...['-kernel', kernel, '-initrd', initrd],
    ...['-append', 'console=ttyS0 quiet panic=-1 mitigations=off net.ifnames=0'],
    ...['-device', 'virtio-serial-pci'],
    ...['-chardev', `socket,id=channel,path=${channelIn(dir)},server=on,wait=off`],
    ...['-device', 'virtserialport,chardev=channel,nr=1'],
    ...['-netdev', 'user,id=network,ipv6=off', '-device', 'virtio-net-pci,netdev=network,romfile='],
    ...Object.entries(shares).flatMap(([name, path]) => share(name, path)),
  ];
}

/** remap: /usr may span file systems, whose file numbers must stay apart. */
function share(name: string, path: string): readonly string[] {
  const escaped = path.replaceAll(',', ',,');
  const options = `local,id=${name},path=${escaped},security_model=none,readonly=on,multidevs=remap`;
  return ['-fsdev', options, '-device', `virtio-9p-pci,fsdev=${name},mount_tag=${name}`];
}
