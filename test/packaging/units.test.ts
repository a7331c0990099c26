import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { run } from '../../scripts/lab/command.ts';

const folder = new URL('../../packaging/systemd/', import.meta.url).pathname;

test('systemd knows every setting of the units, and finds both services little exposed', async () => {
  const units = (await readdir(folder)).filter((name) => /\.(service|path)$/.test(name));
  expect(units).toEqual(expect.arrayContaining(['sluice-agent.service', 'sluice-server.service']));
  // verify exits with 1: the programs are where the packages put them.
  const verify = 'systemd-analyze verify --man=no "$@" 2>&1 || true';
  const paths = units.map((name) => folder + name);
  const said = (await run('sh', ['-c', verify, 'sh', ...paths])).split('\n').filter(Boolean);
  expect(said.filter((line) => !line.includes('is not executable'))).toEqual([]);

  for (const unit of ['sluice-agent.service', 'sluice-server.service']) {
    const security = ['security', '--offline=true', '--no-pager', `${folder}${unit}`];
    const exposure = /Overall exposure level for .*: ([\d.]+)/.exec(
      await run('systemd-analyze', security),
    );
    expect(Number(exposure?.[1]), unit).toBeLessThanOrEqual(1.5);
  }
});
