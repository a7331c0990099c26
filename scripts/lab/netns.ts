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

/** `ip netns` keeps one file a namespace there, and makes the folder with the first. */
function namespaces(): Promise<string[]> {
  return readdir('/run/netns').catch(() => []);
}
