import { readdir } from 'node:fs/promises';
import { run } from './command.ts';

/** Makes a network namespace with its loopback up; one of that name that exists is kept as it is. */
export async function ensureNetns(name: string): Promise<void> {
  if (!(await namespaces()).includes(name)) await run('ip', ['netns', 'add', name]);
  await run('ip', ['-n', name, 'link', 'set', 'lo', 'up']);
}

/** Deletes the namespace of that name and those named `<name>-…`; none: nothing to do. */
export async function deleteNetns(name: string): Promise<void> {
  const ours = (await namespaces()).filter(
    (other) => other === name || other.startsWith(`${name}-`),
  );
  await Promise.all(ours.map((other) => run('ip', ['netns', 'delete', other])));
}

interface Link {
  readonly ifname: string;
  readonly linkinfo?: { readonly info_kind?: string };
  readonly addr_info: readonly { readonly scope: string }[];
}

/**
 * Deletes a switch's namespace unless somebody is in it, or has put a link or an address there. What ovs-vswitchd
 * leaves of its bridges and internal ports, taps without addresses, it makes again.
 */
export async function deleteUnusedNetns(name: string): Promise<void> {
  if (!(await namespaces()).includes(name)) return;
  const printed = await run('ip', ['-json', '-details', '-n', name, 'address', 'show']);
  const links: readonly Link[] = JSON.parse(printed);
  const processes = await run('ip', ['netns', 'pids', name]);
  if (processes === '' && links.every(isLeftover)) await run('ip', ['netns', 'delete', name]);
}

const isLeftover = ({ ifname, linkinfo, addr_info }: Link): boolean =>
  ifname === 'lo' ||
  (linkinfo?.info_kind === 'tun' && addr_info.every(({ scope }) => scope === 'link'));

/** `ip netns` keeps one file a namespace there, and makes the folder with the first. */
function namespaces(): Promise<string[]> {
  return readdir('/run/netns').catch(() => []);
}
