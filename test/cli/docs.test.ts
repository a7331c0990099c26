import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createProgram } from '../../cli/program.ts';
import { sluicePath, startCli } from '../support/cli.ts';
import { startProgram } from '../support/program.ts';

const run = promisify(execFile);
const text = await readFile('docs/cli.md', 'utf8');

test('every command in docs/cli.md runs, in the order in which it is read', async () => {
  const folder = await mkdtemp('/tmp/sluice-cli-');
  const { server, sluice } = await startCli();
  await using _agent = startProgram('agent/main.ts', ['run'], {
    ...{ SLUICE_SERVER: `${server.url}/graphql`, SLUICE_HOST: 'host-a', SLUICE_DATA: folder },
    ...{ SLUICE_TOKEN: await server.token({ role: 'agent', host: 'host-a' }) },
    ...{ SLUICE_DRIVER: 'noop', SLUICE_METRICS_LISTEN: 'off' },
  });
  try {
    await symlink(sluicePath, join(folder, 'sluice'));
    const path = `${folder}:${dirname(process.execPath)}:${process.env.PATH}`;
    const blocks = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block);
    const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', blocks.join('\n')], {
      ...{
        cwd: folder,
        env: { ...sluice.env, PATH: path, XDG_CONFIG_HOME: join(folder, 'config') },
      },
    });
    expect(stdout).toContain('0 created, 0 updated, 0 deleted, 1 unchanged.');
    expect(stdout).toContain('1 to create, 1 to update, 0 to delete, 0 unchanged.');
  } finally {
    await server.stop();
    await rm(folder, { recursive: true });
  }
}, 90_000);

test('docs/cli.md names every command', () => {
  for (const noun of createProgram().commands) {
    for (const verb of noun.commands) expect(text).toMatch(new RegExp(`\\b${verb.name()}\\b`));
  }
});
