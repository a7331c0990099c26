import { join } from 'node:path';
import type { GuestImage } from './build.ts';

export const checkout = join(import.meta.dirname, '..', '..');

/** Whatever the kernel says, and before it has drivers: an empty console is a machine that did not run. */
const kernelConsole = 'console=ttyS0 earlyprintk=serial,ttyS0,115200 ignore_loglevel';

/** The socket that is the guest's serial port. */
export function channelIn(dir: string): string {
  return join(dir, 'channel');
}

/** The folder of compiled sources, of which the guest's Node makes use (compileAgent.ts). */
export function compiledIn(dir: string): string {
  return join(dir, 'compiled');
}

/** How qemu is to be called: two processors, all of it in software, its console on standard output, from the kernel's first word on. */
export function machineOptions(
  { kernel, initrd }: GuestImage,
  dir: string,
  kernelOptions: string,
): readonly string[] {
  const shares = {
    usr: '/usr',
    alternatives: '/etc/alternatives',
    compiled: compiledIn(dir),
    checkout,
  };
  const settings = `SLUICE_CHECKOUT="${checkout}"`;
  return [
    ...['-machine', 'q35', '-accel', 'tcg,thread=multi', '-cpu', 'Nehalem'],
    ...['-smp', '2', '-m', '1024'],
    ...['-nodefaults', '-no-user-config', '-no-reboot', '-display', 'none', '-serial', 'stdio'],
    // panic=-1: reboot at once, which ends qemu.
    ...['-kernel', kernel, '-initrd', initrd],
    ...[
      '-append',
      `${kernelConsole} panic=-1 mitigations=off net.ifnames=0 ${settings} ${kernelOptions}`,
    ],
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
