import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { run } from '../../scripts/lab/command.ts';

const folder = new URL('../../packaging/systemd/', import.meta.url).pathname;

test('systemd knows every setting of the units, and finds the agent’s little exposed', async () => {
  const units = (await readdir(folder)).filter((name) => /\.(service|path)$/.test(name));
  expect(units).toContain('sluice-agent.service');
  // verify exits with 1: the programs are where the packages put them.
  const verify = 'systemd-analyze verify --man=no "$@" 2>&1 || true';
  const paths = units.map((name) => folder + name);
  const said = (await run('sh', ['-c', verify, 'sh', ...paths])).split('\n').filter(Boolean);
  expect(said.filter((line) => !line.includes('is not executable'))).toEqual([]);

  const security = ['security', '--offline=true', '--no-pager', `${folder}sluice-agent.service`];
  const exposure = /Overall exposure level for .*: ([\d.]+)/.exec(
    await run('systemd-analyze', security),
  );
  expect(Number(exposure?.[1])).toBeLessThanOrEqual(1.5);
});
