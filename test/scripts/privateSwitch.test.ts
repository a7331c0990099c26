import { access, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { run, runIn } from '../../scripts/lab/command.ts';
import { PrivateSwitch, startPrivateSwitch } from '../../scripts/privateSwitch.ts';
import { eventually } from '../support/eventually.ts';
import { startSwitch } from '../support/ovs.ts';

const connects = (from: string, address: string) =>
  // bash opens a TCP connection by itself: no other program is needed in the guest.
  runIn(from, 'bash', ['-c', `echo > /dev/tcp/${address}/7777`], { timeoutMs: 2_000 });

test('two guests reach each other through the userspace datapath, and nothing is left after the end', async () => {
  const ovs = await startSwitch();
  try {
    await ovs.addBridge('br0');
    const [one, two] = [await ovs.addPort({ bridge: 'br0' }), await ovs.addPort({ bridge: 'br0' })];
    const listener = `import socket; s = socket.create_server(('', 7777)); s.accept()`;
    const served = runIn(two.netns, '/usr/bin/python3', ['-c', listener]);
    await eventually(() => connects(one.netns, two.address));
    await served;

    const ids = await ovs.vsctl(
      '--bare',
      '--columns=external_ids',
      'list',
      'Interface',
      one.interfaceName,
    );
    expect(ids).toContain(`iface-id=${one.portId}`);
    expect(ids).toContain(`attached-mac=${one.mac}`);
  } finally {
    await ovs.stop();
  }
  expect(await run('ip', ['netns', 'list'])).not.toContain(ovs.netns);
  await expect(access(ovs.dir)).rejects.toThrow('ENOENT');
});

test('a second start takes over the daemons of the first, and replaces those that were killed', async () => {
  await using ovs = await startSwitch();
  const pids = () =>
    Promise.all(
      ['ovsdb-server', 'ovs-vswitchd'].map((name) => readFile(`${ovs.dir}/${name}.pid`, 'utf8')),
    );
  await ovs.addBridge('br0');
  const before = await pids();

  const again = await startPrivateSwitch({ dir: ovs.dir, netns: ovs.netns });
  expect(await pids()).toEqual(before);

  await ovs.killOvsdb();
  await ovs.killVswitchd();
  await startPrivateSwitch({ dir: ovs.dir, netns: ovs.netns });
  expect(await pids()).not.toEqual(before);
  expect(await again.vsctl('list-br')).toBe('br0\n');
});

test('a directory too long for sockets is refused before anything is made', async () => {
  const dir = `/tmp/sluice-${'x'.repeat(80)}`;
  const ovs = new PrivateSwitch({ dir, netns: 'sluice-never' });
  await expect(ovs.start()).rejects.toThrow('86 bytes are possible');
  await expect(access(dir)).rejects.toThrow('ENOENT');
});
