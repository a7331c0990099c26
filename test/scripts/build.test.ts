import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { buildPackage } from '../../scripts/build/package.ts';
import { eventually } from '../support/eventually.ts';
import { FeedServer } from '../support/feedServer.ts';
import { createDatabase } from '../support/postgres.ts';
import { startProgram } from '../support/program.ts';
import { startServer } from '../support/server.ts';

const run = promisify(execFile);
const root = new URL('../..', import.meta.url).pathname;

/** Far from the checkout's own packages: `npm pack` of what is built, installed from the file as anybody would. */
let folder: string;
let packed: readonly string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-build-'));
  const [built, home] = [join(folder, 'built'), join(folder, 'home')];
  await buildPackage(built);
  const npm = (...args: string[]) =>
    run('npm', [...args, '--offline', '--no-audit', '--no-fund'], { cwd: folder });
  const { stdout } = await npm('pack', built, '--json');
  const [{ filename, files }] = JSON.parse(stdout);
  packed = files.map(({ path }: { path: string }) => path);
  await mkdir(home);
  await npm('install', '--prefix', home, '--no-save', join(folder, filename));
});

const bin = (program: string) => join(folder, 'home', 'node_modules', '.bin', program);

afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(['sluice', 'sluice-agent', 'sluice-server'])(
  '%s as built says of itself what the checkout’s says, below node_modules and without packages',
  async (program) => {
    const [built, source] = await Promise.all([
      run(process.execPath, [bin(program), '--help']),
      run(process.execPath, [join(root, `bin/${program}.js`), '--help']),
    ]);
    expect(built.stdout).toBe(source.stdout);
    const { stdout } = await run(process.execPath, [bin(program), '--version']);
    expect(stdout.trim()).toBe(packageJson.version);
  },
);

test('What is packed is the built programs with the licences of what is in them: no source, no test, no secret', async () => {
  const kinds = [
    ...[
      /^(server\/)?sluice(-agent|-server)?\.js(\.map)?$/,
      /^((server|client)\/)?parts\/[\w.-]+\.js(\.map)?$/,
      /^client\/index\.js(\.map)?$/,
      /^client\/types\/[\w./@-]+\.d\.ts$/,
    ],
    ...[
      /^(server\/|client\/types\/foreign\/)?package\.json$/,
      /^((server|client)\/)?THIRD-PARTY-LICENCES$/,
    ],
  ];
  expect(packed.filter((path) => !kinds.some((kind) => kind.test(path)))).toEqual([]);
  expect(await readdir(join(folder, 'home', 'node_modules'))).toEqual([
    '.bin',
    '.package-lock.json',
    'sluice',
  ]);
  const licences = join(folder, 'home/node_modules/sluice/server/THIRD-PARTY-LICENCES');
  expect(await readFile(licences, 'utf8')).toMatch(/^pg \d.*: MIT\n\nMIT License/m);
});

describe('sluice/client as packed', () => {
  const scripts = () => join(folder, 'home');
  /** The first example of docs/clients.md, as whoever installed the package writes it. */
  const example = async () => /^```ts\n(.*?)^```$/ms.exec(await readFile(page, 'utf8'))?.[1] ?? '';
  const page = join(root, 'docs/clients.md');

  test('is what the ten lines of docs/clients.md need, with nothing installed beside it', async () => {
    await using server = await startServer();
    const script = join(scripts(), 'limit.ts');
    await writeFile(script, await example());
    const { stdout } = await run(process.execPath, [script, randomUUID(), '7000'], {
      env: {
        SLUICE_SERVER: `${server.url}/graphql`,
        SLUICE_TOKEN: await server.token({ role: 'admin' }),
      },
    });
    expect(stdout).toBe('7000 []\n');
  });

  test('has types: they take the example, and refuse what the API has not', async () => {
    await writeFile(join(scripts(), 'right.ts'), await example());
    const wrong = (await example())
      .replace('maxKbps: Number(maxKbps)', 'maxKbps')
      .replace('qosRule?.maxKbps', 'qosRule?.maxKpbs');
    await writeFile(join(scripts(), 'wrong.ts'), wrong);
    await writeFile(join(scripts(), 'package.json'), '{"type":"module"}');
    const checked = await typesOf('right.ts', 'wrong.ts');
    expect(checked.split('\n')).toEqual([
      expect.stringMatching(
        /^wrong\.ts\(.* maxKbps: string; }' is not assignable to type 'CreateQosRuleInput'/,
      ),
      expect.stringMatching(/^wrong\.ts\(.*'maxKpbs' does not exist/),
    ]);
  });

  /** The errors that TypeScript finds, in the package's declarations too. */
  async function typesOf(...files: string[]): Promise<string> {
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024'];
    const nodeTypes = ['--types', 'node', '--typeRoots', join(root, 'node_modules/@types')];
    const tsc = join(root, 'node_modules/.bin/tsc');
    const checked = await run(tsc, [...options, ...nodeTypes, '--pretty', 'false', ...files], {
      cwd: scripts(),
    }).catch((error: { stdout: string }) => error);
    return checked.stdout
      .split('\n')
      .filter((line) => /^\S+: error/.test(line))
      .join('\n');
  }
});

test('the server as built takes a migration back and runs it again, serves, and shows GraphiQL’s page', async () => {
  await using database = await createDatabase();
  const settings = {
    PATH: process.env.PATH ?? '',
    SLUICE_DATABASE_URL: database.url,
    SLUICE_DATA: join(folder, 'server-data'),
    SLUICE_LISTEN: '127.0.0.1:0',
  };
  const migrate = [bin('sluice-server'), 'migrate', 'down'];
  const { stdout } = await run(process.execPath, migrate, { env: settings });
  const [newest] = /Migration\d+\w+/.exec(stdout) ?? [stdout];
  await using server = startProgram(bin('sluice-server'), ['run'], settings);
  const port = await eventually(
    () => {
      const found = /"port":(\d+),"msg":"Serving GraphQL/.exec(server.log)?.[1];
      if (!found) throw new Error(`It does not serve yet.\n${server.log}`);
      return found;
    },
    { timeoutMs: 20_000 },
  );
  expect(server.log).toContain(newest);
  // It hears other servers a moment after it serves.
  await eventually(async () =>
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200),
  );
  const page = await fetch(`http://127.0.0.1:${port}/graphql`, {
    headers: { accept: 'text/html' },
  });
  const fetcher = /fetcher: (.+)\(new URL/s.exec(await page.text())?.[1];
  expect(typeof runInNewContext(String(fetcher))(`http://127.0.0.1:${port}/graphql`)).toBe(
    'function',
  );
});

test('the server as built, which brings no PostgreSQL, says so where none is named', async () => {
  const settings = { PATH: process.env.PATH ?? '', SLUICE_DATA: join(folder, 'none') };
  const started = run(process.execPath, [bin('sluice-server'), 'run'], { env: settings });
  await expect(started).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /^No database is named, and no PostgreSQL came .*SLUICE_DATABASE_URL/,
    ),
  });
});

test('the agent as built talks to its server, with the driver that comes with it', async () => {
  const server = await FeedServer.start();
  await using agent = startProgram(bin('sluice-agent'), ['run'], {
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
