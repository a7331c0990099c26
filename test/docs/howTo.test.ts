import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { startSwitch, type TestSwitch } from '../support/ovs.ts';
import { createDatabase, type TestDatabase } from '../support/postgres.ts';
import { type System, startSystem } from '../support/system.ts';
import { commandsIn, type DocShell, openDocShell } from './docShell.ts';

const root = new URL('../..', import.meta.url).pathname;

let folder: string;
let database: TestDatabase;
let ovs: TestSwitch;
let system: System;
let shell: DocShell;

/** A host with a switch, its agent and a server, and a shell as its operator has it. */
beforeAll(async () => {
  folder = await mkdtemp('/tmp/sluice-docs-');
  [database, ovs] = await Promise.all([createDatabase(), startSwitch()]);
  await ovs.addBridge('br0');
  system = await startSystem(database.url);
  const agent = await system.startAgent({ host: hostname(), ovs });
  await eventually(() => expect(agent.log).toContain('Connected to the server.'), {
    timeoutMs: 15_000,
  });
  const url = `http://127.0.0.1:${system.port}`;
  const server = { SLUICE_SERVER: `${url}/graphql`, SLUICE_URL: url };
  const pair = {
    SERVER_A: url,
    SERVER_B: `http://127.0.0.1:${await system.startAnotherServer()}`,
  };
  await writeFile(join(folder, 'operator.token'), await system.adminToken(), { mode: 0o600 });
  const token = await system.agentToken(hostname());
  shell = await openDocShell(
    folder,
    { ...server, ...pair, SLUICE_TOKEN: await system.adminToken(), SLUICE_LOG_FORMAT: 'json' },
    {
      // On the operator's machine these are settings; here each program has its own.
      'ovs-vsctl': `exec /usr/bin/ovs-vsctl --db="${ovs.ovsdb}" "$@"`,
      'sluice-agent': `SLUICE_TOKEN="${token}" SLUICE_OVSDB="${ovs.ovsdb}" SLUICE_OVS_NETNS="${ovs.netns}" exec "${process.execPath}" "${join(root, 'bin/sluice-agent.js')}" "$@"`,
      'sluice-server': `unset SLUICE_TOKEN SLUICE_SERVER; SLUICE_DATABASE_URL="${database.url}" exec "${process.execPath}" "${join(root, 'bin/sluice-server.js')}" "$@"`,
    },
  );
});
afterAll(async () => {
  await system?.[Symbol.asyncDispose]();
  await ovs?.stop();
  await database?.dispose();
  await rm(folder, { recursive: true, force: true });
});

test.each([
  ['docs/how-to/libvirt.md', 'web-1'],
  ['docs/how-to/neutron.md', '3 created, 0 updated, 0 deleted, 0 unchanged.'],
  ['docs/how-to/upgrade.md', hostname()],
  ['docs/how-to/backup.md', ''],
  ['docs/how-to/several-servers.md', 'sluice_feeds_open 1'],
  ['docs/troubleshooting.md', 'mechanisms'],
])(
  'every command of %s runs',
  async (page, expected) => {
    const blocks = await commandsIn(page);
    expect(blocks.length).toBeGreaterThan(0);
    const { stdout } = await shell.run(blocks);
    expect(stdout).toContain(expected);
  },
  60_000,
);

test('every link between the pages leads somewhere', async () => {
  const pages = (await readdir(join(root, 'docs'), { recursive: true }))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`);
  const dead: string[] = [];
  for (const page of ['README.md', ...pages]) {
    const text = await readFile(join(root, page), 'utf8');
    for (const [, target = ''] of text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)) {
      if (!(await leads(page, target))) dead.push(`${page} -> ${target}`);
    }
  }
  expect(dead).toEqual([]);
});

/** A file that is there, and a heading in it where one is named. */
async function leads(page: string, target: string): Promise<boolean> {
  const [path = '', heading] = target.split('#');
  const file = path === '' ? page : normalize(join(dirname(page), path));
  if (heading === undefined)
    return readFile(join(root, file)).then(
      () => true,
      () =>
        readdir(join(root, file)).then(
          () => true,
          () => false,
        ),
    );
  const text = await readFile(join(root, file), 'utf8').catch(() => '');
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => anchorOf(title));
  return headings.includes(heading);
}

/** As GitHub names a heading. */
const anchorOf = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number} _-]/gu, '')
    .replaceAll(' ', '-');
