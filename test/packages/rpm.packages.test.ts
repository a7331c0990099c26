import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../../scripts/lab/command.ts';
import { type BuiltPackages, buildAll, versions } from './built.ts';
import { type Disk, mountDisk } from './machine.ts';

/** Installed by rpm into a Debian that does not run: there is no other root here (docs/install.md). */
let packages: BuiltPackages;
let disk: Disk;
const both = ['sluice-server', 'sluice-agent'] as const;

beforeAll(async () => {
  packages = await buildAll('rpm');
  disk = await mountDisk();
  // As installers do: systemd's tools look into it.
  await run('mount', ['-t', 'proc', 'proc', join(disk.root, 'proc')]);
});
afterAll(async () => {
  if (disk) await run('umount', [join(disk.root, 'proc')]);
  await disk?.[Symbol.asyncDispose]();
  await packages?.[Symbol.asyncDispose]();
});

const architecture = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
const rpmOf = (name: string, version: string) =>
  join(packages.folder, `${name}-${version}-1.${architecture}.rpm`);
const ask = (name: string, question: string) =>
  run('rpm', ['-qp', question, rpmOf(name, versions.old)]);
const rpm = (...args: string[]) =>
  run('rpm', ['--root', disk.root, ...args], { timeoutMs: 60_000 });
const inside = (command: string) => run('chroot', [disk.root, 'sh', '-ec', command]);

test('they say what they need, what they hold, and what they run', async () => {
  const needs = await ask('sluice-agent', '--requires');
  for (const each of ['glibc >= 2.28', 'libstdc++', 'iproute-tc', 'systemd']) {
    expect(needs.split('\n')).toContain(each);
  }
  expect(await ask('sluice-server', '--requires')).not.toContain('iproute');
  expect(await ask('sluice-server', '--configfiles')).toBe('/etc/sluice/server.yaml\n');
  const files = (await ask('sluice-agent', '--list')).split('\n');
  for (const each of [
    ...['/usr/bin/sluice', '/usr/bin/sluice-agent', '/usr/lib/sluice-agent/node'],
    ...['/usr/lib/systemd/system/sluice-agent.service', '/usr/lib/sluice-agent/grant-access'],
    ...['/usr/share/zsh/site-functions/_sluice', '/usr/share/man/man8/sluice-agent.8.gz'],
  ]) {
    expect(files).toContain(each);
  }
  for (const name of both) {
    const scripts = await ask(name, '--scripts');
    const kinds = [...scripts.matchAll(/^(\w+) scriptlet/gm)].map(([, kind]) => kind);
    expect(kinds).toEqual(['postinstall', 'preuninstall', 'postuninstall']);
    const bodies = scripts.replace(/^\w+ scriptlet .*$/gm, '');
    await run('sh', ['-nc', bodies]);
    expect(bodies).not.toMatch(/rm -rf/);
  }
});

test('rpm installs both: users are made, programs run, and what is there is what was packed', async () => {
  await rpm('--nodeps', '-i', ...both.map((name) => rpmOf(name, versions.old)));
  expect(
    await inside('for each in sluice sluice-agent sluice-server; do $each --version; done'),
  ).toBe(`${versions.old}\n`.repeat(3));
  const modes = await inside("stat --format='%a %U %G %n' /etc/sluice/*.yaml /var/lib/sluice*");
  expect(modes.trim().split('\n')).toEqual([
    '640 root sluice-agent /etc/sluice/agent.yaml',
    '640 root sluice /etc/sluice/server.yaml',
    '700 sluice sluice /var/lib/sluice',
    '700 sluice-agent sluice-agent /var/lib/sluice-agent',
  ]);
  // But for the settings' group, which is made after them.
  const said = await rpm('-V', '--nodeps', ...both).catch((error: Error) => error.message);
  const differs = [...said.matchAll(/[.SM5DLUGTP?]{9} {2}.*$/gm)].map(([line]) => line);
  expect(differs.sort()).toEqual([
    '......G..  c /etc/sluice/agent.yaml',
    '......G..  c /etc/sluice/server.yaml',
  ]);
});

test('an upgrade keeps the operator’s settings; erased, the programs and units are gone', async () => {
  const settings = join(disk.root, 'etc/sluice/agent.yaml');
  await appendFile(settings, 'host: host-1\n');
  await rpm('--nodeps', '-U', ...both.map((name) => rpmOf(name, versions.new)));
  expect(await inside('sluice-agent --version')).toBe(`${versions.new}\n`);
  expect(await readFile(settings, 'utf8')).toMatch(/^host: host-1$/m);

  await rpm('--nodeps', '-e', ...both);
  const left = await inside("find /usr /etc -name '*sluice*' -o -name 'ovs*.service.d'");
  // A changed settings file is the operator's: rpm keeps it beside.
  expect(left.trim().split('\n')).toEqual(['/etc/sluice']);
  expect(await inside('ls /etc/sluice')).toBe('agent.yaml.rpmsave\n');
});
