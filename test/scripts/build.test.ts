import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { buildPackage } from '../../scripts/build/package.ts';
import { eventually } from '../support/eventually.ts';
import { FeedServer } from '../support/feedServer.ts';
import { startProgram } from '../support/program.ts';

const run = promisify(execFile);
const root = new URL('../..', import.meta.url).pathname;

/** Far from the checkout's own packages. */
let folder: string;
let installed: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-build-'));
  installed = join(folder, 'node_modules', 'sluice');
  await buildPackage(installed);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(['sluice', 'sluice-agent'])(
  '%s as built says of itself what the checkout’s says, below node_modules and without packages',
  async (program) => {
    const [built, source] = await Promise.all([
      run(process.execPath, [join(installed, `${program}.js`), '--help']),
      run(process.execPath, [join(root, `bin/${program}.js`), '--help']),
    ]);
    expect(built.stdout).toBe(source.stdout);
    const { stdout } = await run(process.execPath, [join(installed, `${program}.js`), '--version']);
    expect(stdout.trim()).toBe(packageJson.version);
  },
);

test('the agent as built talks to its server, with the driver that comes with it', async () => {
  const server = await FeedServer.start();
  await using agent = startProgram(join(installed, 'sluice-agent.js'), ['run'], {
    SLUICE_SERVER: server.url,
    SLUICE_TOKEN: 'built',
    SLUICE_HOST: 'built',
    SLUICE_DATA: join(folder, 'data'),
    SLUICE_OVSDB: `unix:${folder}/none.sock`,
    SLUICE_METRICS_LISTEN: '127.0.0.1:0',
  });
  try {
    const heartbeat = await eventually(
      () => {
        const [first] = server.heartbeats;
        if (!first) throw new Error(`No heartbeat yet.\n${agent.log}`);
        return first;
      },
      { timeoutMs: 20_000 },
    );
    expect(heartbeat).toMatchObject({
      host: 'built',
      version: packageJson.version,
      configurations: { driver: 'ovs' },
    });
  } finally {
    await agent.stop();
    await server.stop();
  }
});
