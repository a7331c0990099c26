import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { run } from '../../scripts/lab/command.ts';
import { deleteNetns, deleteUnusedNetns, ensureNetns } from '../../scripts/lab/netns.ts';

test('a switch’s namespace goes with it, unless somebody has put something there', async () => {
  const name = `sluice-${randomBytes(4).toString('hex')}`;
  await ensureNetns(name);
  onTestFinished(() => deleteNetns(name));
  const ip = (...args: string[]) => run('ip', ['-n', name, ...args]);
  const isThere = async () => {
    await deleteUnusedNetns(name);
    return (await readdir('/run/netns')).includes(name);
  };

  await ip('link', 'add', 'of-somebody', 'type', 'veth', 'peer', 'name', 'other');
  expect(await isThere()).toBe(true);
  await ip('link', 'delete', 'of-somebody');
  await ip('tuntap', 'add', 'left', 'mode', 'tap');
  await ip('address', 'add', '10.0.0.1/24', 'dev', 'left');
  expect(await isThere()).toBe(true);
  await ip('address', 'flush', 'dev', 'left');
  expect(await isThere()).toBe(false);
});
