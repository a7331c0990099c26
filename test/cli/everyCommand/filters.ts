import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startOnTerminal } from '../../support/cli.ts';
import { eventually } from '../../support/eventually.ts';
import { contextEnv, host, interrupt, type Stage, tenantId } from './stage.ts';

/** What chooses among what there is, and the settings that every command takes. */
export function filtersAndSettings(stage: () => Stage): void {
  const portId = () => stage().guests[0].portId;
  const lists = [
    ...['rule list', 'agent list', 'port list', 'audit list', 'credential list'].map(
      (command) => [command, 'id'] as const,
    ),
    ['quota list', 'tenantId'] as const,
  ];

  describe('filters', () => {
    test.each([
      { args: ['rule', 'list', '--direction', 'egress', '--host', host], least: 1 },
      { args: ['rule', 'list', '--tenant-id', tenantId, '--status', 'APPLIED'], least: 1 },
      { args: ['rule', 'list', '--network-id', randomUUID()], least: 0 },
      { args: ['rule', 'list', '--id', randomUUID()], least: 0 },
      { args: ['agent', 'list', '--alive', '--admin-state-up', '--host', host], least: 1 },
      { args: ['agent', 'list', '--agent-type', 'Open vSwitch agent'], least: 1 },
      { args: ['agent', 'list', '--no-admin-state-up'], least: 0 },
      { args: ['agent', 'list', '--no-alive', '--host', host], least: 0 },
      { args: ['port', 'list', '--host', host, '--tenant-id', tenantId], least: 1 },
      { args: ['port', 'list', '--network-id', randomUUID()], least: 0 },
      { args: ['audit', 'list', '--tenant-id', tenantId, '--since', '1h'], least: 1 },
      { args: ['audit', 'list', '--action', 'credential.revoked'], least: 1 },
      { args: ['audit', 'list', '--object-id', 'host-new'], least: 1 },
      { args: ['audit', 'list', '--actor', 'nobody'], least: 0 },
      { args: ['audit', 'list', '--until', '2026-01-01'], least: 0 },
      { args: ['credential', 'list', '--host', host], least: 0 },
    ])('$args finds what there is', async ({ args, least }) => {
      const found = (await stage().sluice.json(...args)) as unknown[];
      if (least === 0) expect(found).toEqual([]);
      else expect(found.length).toBeGreaterThanOrEqual(least);
    });

    test('watch those that were asked for', async () => {
      const { sluice } = stage();
      const watch = [
        'rule',
        'watch',
        '--tenant-id',
        tenantId,
        '--port-id',
        portId(),
        '--host',
        host,
      ];
      const more = ['--direction', 'egress', '--status', 'APPLIED', '--network-id', randomUUID()];
      const running = sluice.start([...watch, ...more, '-f', 'value', '--log-level', 'debug']);
      await eventually(() => expect(running.stderr).toContain('ListRules'));
      expect(await interrupt(running)).toMatchObject({ code: 130, stdout: '' });
    });

    test('port list --id', async () => {
      const found = await stage().sluice.json('port', 'list', '--id', portId());
      expect(found).toMatchObject([{ id: portId(), hosts: [host] }]);
    });
  });

  test.each(lists)('%s goes on page by page until all has been read once', async (command, key) => {
    const { sluice } = stage();
    const words = [...command.split(' '), '-f', 'value', '-c', key];
    const enough = ['--limit', '1000'];
    const all = (await sluice([...words, ...enough])).stdout;
    const half = Math.max(1, Math.floor(all.trimEnd().split('\n').length / 2));
    const first = await sluice([...words, '--limit', String(half)]);
    // Where one thing is all there is, its id is a marker as well.
    const [, marker = all.trim()] = /--marker (\S+)\n$/.exec(first.stderr) ?? [];
    const rest = await sluice([...words, ...enough, '--marker', marker]);
    expect(first.stdout + rest.stdout).toBe(all);
  });

  test('a list of more than one page says on a terminal how far it is', async () => {
    const { sluice } = stage();
    const rules = Array.from({ length: 501 }, () => ({ portId: randomUUID(), maxKbps: 1 }));
    await sluice(['rule', 'apply', '-f', '-', '--tenant-id', 'many'], {
      input: JSON.stringify(rules),
    });
    const list = ['rule', 'list', '--tenant-id', 'many', '-c', 'id', '--sort-key', 'port-id:desc'];
    const { stdout } = await startOnTerminal(sluice, list).ended;
    expect(stdout).toContain('500 of 501 read…');
    expect(new Set(stdout.match(/[0-9a-f-]{36}/g)).size).toBe(501);
    expect((await sluice(list)).stdout).not.toContain('read…');
  });

  test('the settings that every command takes are taken', async () => {
    const { sluice, serverUrl, folder, system } = stage();
    const bare = { SLUICE_SERVER: '', SLUICE_TOKEN: '', ...contextEnv(stage()) };
    const list = ['rule', 'list', '-f', 'json'];
    const token = await system.adminToken();
    const pem = join(folder, 'ca.pem');
    await writeFile(pem, '');
    const config = join(folder, 'cli.yaml');
    await writeFile(config, `server: ${serverUrl}\ntoken: ${token}\n`);
    const server = ['--server', serverUrl];
    for (const settings of [
      ['--context', 'lab'],
      ['--config', config],
      [...server, '--token', token, '--ca-file', pem, '--client-cert', pem, '--client-key', pem],
      [...server, '--token-file', join(folder, 'admin.token')],
      [...server, '--data', folder],
    ]) {
      expect(await sluice([...list, ...settings], { env: bare })).toMatchObject({ code: 0 });
    }
    const logging = ['--log-level', 'debug', '--log-format', 'json'];
    const logged = await sluice(['extension', 'show', ...logging]);
    expect(JSON.parse(logged.stderr)).toMatchObject({ operation: 'ShowExtension' });
    expect(await sluice(['--version'])).toMatchObject({ code: 0 });
    const denied = await sluice([...list, '--token', 'wrong']);
    expect(denied).toMatchObject({ code: 4, stdout: '' });
  });

  test.each(['bash', 'zsh', 'fish'])(
    'completion %s is a script that the shell takes',
    async (shell) => {
      const { stdout } = await stage().sluice(['completion', shell]);
      expect(stdout).toContain('sluice __complete');
    },
  );
}
