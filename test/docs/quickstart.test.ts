import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../scripts/lab/freePort.ts';
import { makeDataDir } from '../support/postgres.ts';
import { commandsIn, openDocShell } from './docShell.ts';

const program = new URL('../../scripts/start.ts', import.meta.url).pathname;

test('every command of the quickstart runs, in the order in which it is read', async () => {
  const folder = await makeDataDir();
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const port = await freePort();
  const [start, ...rest] = await commandsIn('docs/quickstart.md');
  expect(start).toBe('npm start\n');

  const server = spawn(
    process.execPath,
    [program, '--data', join(folder, 'data'), '--listen', `127.0.0.1:${port}`],
    {
      // A private switch, whatever runs on this machine.
      env: { PATH: process.env.PATH, HOME: process.env.HOME, SLUICE_METRICS_LISTEN: 'off' },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const exited = once(server, 'exit');
  const stop = () => {
    server.kill('SIGINT');
    return exited;
  };
  onTestFinished(() => void stop());
  let said = '';
  while (!said.includes('Ctrl-C stops it.')) said += String(await once(server.stdout, 'data'));
  expect(said).toContain('a private Open vSwitch with the bridge br-sluice');
  const page = rest.map((block) =>
    block.replaceAll('http://127.0.0.1:4000', `http://127.0.0.1:${port}`),
  );

  const shell = await openDocShell(folder, { SLUICE_SERVER: `http://127.0.0.1:${port}/graphql` });
  const { stdout } = await shell.run(page);

  expect(stdout).toContain('"status":"APPLIED"');
  expect(stdout).toMatch(/10000|10 Mbit/);
  expect(stdout).toContain(hostname());

  await stop();
  const [, netns = ''] = /network namespace (sluice-\w+)/.exec(said) ?? [];
  expect(netns).not.toBe('');
  expect(await readdir('/run/netns'), 'it leaves nothing that is empty').not.toContain(netns);
}, 120_000);
