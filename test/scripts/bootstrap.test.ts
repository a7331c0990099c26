import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeEach, expect, onTestFinished, test } from 'vitest';

const scripts = new URL('../../scripts', import.meta.url).pathname;

/** A project with the real bootstrap, a program that it starts, and an npm that only says how it was called. */
let root: string;

beforeEach(async () => {
  root = await mkdtemp('/tmp/sluice-bootstrap-');
  onTestFinished(() => rm(root, { recursive: true }));
  await mkdir(join(root, 'scripts'));
  await mkdir(join(root, 'node_modules'));
  for (const name of ['bootstrap.mjs', 'setup']) {
    await cp(join(scripts, name), join(root, 'scripts', name), { recursive: true });
  }
  await writeFile(join(root, 'npm.mjs'), "console.log('npm', ...process.argv.slice(2));");
  await program("console.log('started', ...process.argv.slice(2));");
  await lock('package-lock.json', {
    '': {},
    'node_modules/a': { version: '1.0.0', integrity: 'x' },
  });
});

function program(source: string): Promise<void> {
  return writeFile(join(root, 'scripts', 'start.ts'), source);
}

function lock(file: string, packages: Record<string, object>): Promise<void> {
  return writeFile(join(root, file), JSON.stringify({ packages }));
}

function installed(packages: Record<string, object>): Promise<void> {
  return lock('node_modules/.package-lock.json', packages);
}

function bootstrap(...args: string[]) {
  return spawn(process.execPath, [join(root, 'scripts', 'bootstrap.mjs'), ...args], {
    env: { ...process.env, npm_execpath: join(root, 'npm.mjs') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function output(child: ReturnType<typeof bootstrap>) {
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  return { stdout, stderr, code };
}

const install = 'npm ci --include=dev --loglevel=error\n';

test.each([
  { state: 'none', packages: {}, installs: true },
  { state: 'as named', packages: { 'node_modules/a': { version: '1.0.0', integrity: 'x' } } },
  {
    state: 'older',
    packages: { 'node_modules/a': { version: '0.9.0', integrity: 'x' } },
    installs: true,
  },
  {
    state: 'other content',
    packages: { 'node_modules/a': { version: '1.0.0', integrity: 'y' } },
    installs: true,
  },
] as { state: string; packages: Record<string, object>; installs?: boolean }[])(
  'packages are installed when they are missing or stale, and then the program runs ($state)',
  async ({ packages, installs }) => {
    await installed(packages);
    const { stdout, code } = await output(bootstrap('start', '--listen', '[::1]:4000'));
    expect(stdout).toBe(`${installs ? install : ''}started --listen [::1]:4000\n`);
    expect(code).toBe(0);
  },
);

test('a package for another platform is not missed', async () => {
  await lock('package-lock.json', { 'node_modules/b': { version: '1.0.0', optional: true } });
  await installed({});
  expect((await output(bootstrap('start'))).stdout).toBe('started\n');
});

test('when the packages cannot be installed nothing is started, and a sentence says so', async () => {
  await writeFile(join(root, 'npm.mjs'), 'process.exit(1);');
  expect(await output(bootstrap('start'))).toEqual({
    stdout: '',
    stderr: expect.stringContaining('The packages could not be installed: see npm above.\n'),
    code: 1,
  });
});

test("the program's exit code is ours", async () => {
  await program('process.exit(7);');
  expect((await output(bootstrap('start'))).code).toBe(7);
  await program("process.kill(process.pid, 'SIGKILL');");
  expect((await output(bootstrap('start'))).code).toBe(128 + 9);
});

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s goes on to the program', async (signal) => {
  await program(`
    process.on('${signal}', () => process.exit(3));
    setTimeout(() => undefined, 60_000);
    console.log('ready');
  `);
  const child = bootstrap('start');
  await untilReady(child);
  child.kill(signal);
  expect((await output(child)).code).toBe(3);
});

async function untilReady({ stdout }: ChildProcess): Promise<void> {
  let said = '';
  while (!said.includes('ready')) said += String(await once(stdout!, 'data'));
}
