import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../scripts/lab/freePort.ts';
import { findPostmaster } from '../../src/db/embedded/postmaster.ts';
import { eventually } from '../support/eventually.ts';
import { makeDataDir } from '../support/postgres.ts';

const program = new URL('../../scripts/start.ts', import.meta.url).pathname;
const run = promisify(execFile);

let dataDir: string;
let port: number;

beforeEach(async () => {
  dataDir = await makeDataDir();
  onTestFinished(() => rm(dataDir, { recursive: true }));
  port = await freePort();
});

/** The noop driver, so that a machine's own Open vSwitch, or the lack of one, changes nothing here. */
function npmStart(ownPort = port) {
  const settings = {
    SLUICE_DRIVER: 'noop',
    SLUICE_METRICS_LISTEN: 'off',
    SLUICE_LOG_LEVEL: 'warn',
  };
  const args = [program, '--data', dataDir, '--listen', `127.0.0.1:${ownPort}`];
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function announcementOf({ stdout }: ReturnType<typeof npmStart>): Promise<string> {
  let said = '';
  while (!said.includes('Ctrl-C stops it.')) said += String(await once(stdout, 'data'));
  return said;
}

function curlIn(announcement: string): string {
  return announcement.split('\n').find((line) => line.startsWith('curl ')) ?? '';
}

async function interrupt(child: ChildProcess): Promise<number | null> {
  child.kill('SIGINT');
  const [code] = await once(child, 'exit');
  return code;
}

async function listenAnywhere(): Promise<Server> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

/** What it says under `title`, with npx's programs taken from here. */
function commandBelow(announcement: string, title: string): string {
  const lines = announcement.split('\n');
  const line = lines[lines.indexOf(title) + 2] ?? '';
  return line.replace(/npx (\S+)/, `${process.execPath} bin/$1.js`);
}

test('npm start runs everything, its lines work, one beside it is refused, a second start finds all as it was, and killed it leaves nothing behind', async () => {
  const first = npmStart();
  const announcement = await announcementOf(first);
  const curl = curlIn(announcement);
  const { stdout } = await run('sh', ['-c', curl]);
  expect(JSON.parse(stdout)).toEqual({
    data: { createQosRule: { qosRule: expect.objectContaining({ maxKbps: 10_000, version: 1 }) } },
  });
  const beside = npmStart(await freePort());
  const [refusal, [refused]] = await Promise.all([text(beside.stderr), once(beside, 'exit')]);
  expect(refusal).toBe(
    `npm start (pid ${first.pid}) is running on ${dataDir}; stop it, or give this one its own: npm start -- --data FOLDER --listen ADDRESS:PORT\n`,
  );
  expect(refused).toBe(1);
  const list = commandBelow(announcement, 'See it, and all that follows:');
  expect((await run('sh', ['-c', list])).stdout).toContain('10 Mbit/s');
  const status = commandBelow(announcement, 'Look how the host stands:');
  await eventually(
    async () =>
      expect((await run('sh', ['-c', status])).stdout).toMatch(
        /^Agent +running, pid \d+\nServer +reachable/m,
      ),
    { timeoutMs: 15_000 },
  );
  const token = await readFile(join(dataDir, 'admin.token'), 'utf8');
  expect((await stat(join(dataDir, 'agent.token'))).mode & 0o777).toBe(0o600);
  expect(await interrupt(first)).toBe(0);
  expect(await findPostmaster(join(dataDir, 'postgres'))).toBeUndefined();

  const second = npmStart();
  await announcementOf(second);
  expect(await readFile(join(dataDir, 'admin.token'), 'utf8')).toBe(token);
  const again = await run('sh', ['-c', curl]);
  expect(JSON.parse(again.stdout).errors[0].extensions.code).toBe('CONFLICT');
  // Whose end the kernel tells the server of, several times.
  second.kill('SIGKILL');
  await eventually(
    async () => expect(await findPostmaster(join(dataDir, 'postgres'))).toBeUndefined(),
    { timeoutMs: 15_000 },
  );
}, 120_000);

test('a taken port is a sentence', async () => {
  const other = await listenAnywhere();
  onTestFinished(() => void other.close());
  port = portOf(other);
  const child = npmStart();
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  expect(stderr).toMatch(/^The server cannot listen on 127\.0\.0\.1:\d+: .*EADDRINUSE/);
  expect(code).toBe(1);
});

test('when the server dies, the agent and PostgreSQL do not stay behind', async () => {
  const child = npmStart();
  await announcementOf(child);
  const server = await childOf(child, 'src/main.ts');
  process.kill(server, 'SIGTERM');
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  expect(stderr).toContain('The server ended with exit code 0; what it said stands above.');
  expect(code).toBe(1);
  expect(await findPostmaster(join(dataDir, 'postgres'))).toBeUndefined();
}, 120_000);

async function childOf({ pid }: ChildProcess, script: string): Promise<number> {
  const { stdout } = await run('pgrep', ['--parent', String(pid), '--full', script]);
  return Number(stdout);
}
