import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Cli, cliFor, startCli } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import type { TestServer } from '../support/server.ts';
import { startTlsFront } from '../support/tlsFront.ts';

let server: TestServer;
let folder: string;
let tokenFile: string;
/** Without a server and a token of its own. */
let bare: Cli;
let env: Record<string, string>;
const nowhere = 'http://127.0.0.1:1/graphql';

beforeAll(async () => {
  ({ server } = await startCli());
  folder = await mkdtemp('/tmp/sluice-cli-');
  tokenFile = join(folder, 'token');
  await writeFile(tokenFile, await server.token({ role: 'admin' }), { mode: 0o600 });
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true });
});
/** Each test has a configuration folder of its own. */
beforeEach(() => {
  bare = cliFor('', '');
  env = { XDG_CONFIG_HOME: join(folder, randomUUID()), SLUICE_DATA: folder };
});

const sluice = (...args: string[]) => bare(args, { env });
const set = (name: string, ...more: string[]) =>
  sluice('context', 'set', name, '--server', `${server.url}/graphql`, ...more);
const list = ['rule', 'list', '-f', 'json'];

test('the first context set is used by every command; others are chosen, named, shown and deleted', async () => {
  expect(await set('lab', '--token-file', tokenFile)).toEqual({
    ...{ code: 0, stdout: '', stderr: 'Context lab is set and, as the first, in use.\n' },
  });
  expect(await sluice(...list)).toEqual({ code: 0, stdout: '[]\n', stderr: '' });
  await sluice('context', 'set', 'far', '--server', nowhere, '--token-file', tokenFile);
  expect(await sluice(...list, '--context', 'far')).toMatchObject({ code: 1 });
  expect(await bare(list, { env: { ...env, SLUICE_CONTEXT: 'far' } })).toMatchObject({ code: 1 });

  expect((await sluice('context', 'use', 'far')).stderr).toBe('Context far is in use.\n');
  expect(await sluice(...list)).toMatchObject({ code: 1 });
  expect(JSON.parse((await sluice('context', 'show', '-f', 'json')).stdout)).toEqual({
    ...{ current: true, name: 'far', server: nowhere, tokenFile, caFile: null },
    ...{ clientCert: null, clientKey: null },
  });
  const { stdout } = await sluice('context', 'list');
  expect(stdout).toMatch(/^CURRENT +NAME +SERVER +TOKEN FILE +CA FILE\n\* +far .*\n +lab .*\n$/);

  expect(await sluice('context', 'delete', 'far')).toMatchObject({ code: 0 });
  expect(await sluice('context', 'show')).toMatchObject({ code: 3 });
  expect(await sluice('context', 'use', 'lba')).toEqual({
    ...{ code: 3, stdout: '', stderr: 'There is no context lba: there are lab.\n' },
  });
});

test('its files are for their user alone, and hold no token', async () => {
  await set('lab', '--token-file', tokenFile);
  const base = join(env.XDG_CONFIG_HOME ?? '', 'sluice');
  const modes = [
    base,
    join(base, 'contexts'),
    join(base, 'context'),
    join(base, 'contexts/lab.yaml'),
  ];
  const found = await Promise.all(
    modes.map(async (path) => ((await stat(path)).mode & 0o777).toString(8)),
  );
  expect(found).toEqual(['700', '700', '600', '600']);
  expect(await readFile(join(base, 'contexts/lab.yaml'), 'utf8')).toBe(
    `server: ${server.url}/graphql\ntokenFile: ${tokenFile}\n`,
  );
  expect(await set('lab', '--token', 'secret')).toMatchObject({
    ...{ code: 2, stderr: expect.stringContaining('A context keeps no token') },
  });
});

test.each([
  {
    args: ['set', 'x'],
    says: 'Name what to keep: --server, --token-file, --ca-file, --client-cert or --client-key.',
  },
  { args: ['set', '../x', '--server', nowhere], says: 'name is made of up to 64 letters' },
  { args: ['set', 'x', '--server', 'nowhere'], says: 'it must be a URL like' },
  { args: ['set', 'x', '--token-file', '/nonexistent'], says: 'The token file cannot be read' },
  { args: ['set', 'x', '--ca-file', '/nonexistent'], says: 'certificates cannot be read' },
])('context $args is refused with exit code 2, and keeps nothing', async ({ args, says }) => {
  const { code, stderr } = await sluice('context', ...args);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(says) });
  expect(await sluice('context', 'list', '-f', 'json')).toMatchObject({ stdout: '[]\n' });
});

describe('precedence', () => {
  test('is flag, environment, context, default, for each setting', async () => {
    await sluice('context', 'set', 'lab', '--server', nowhere, '--token-file', tokenFile);
    const token = await readFile(tokenFile, 'utf8');
    const real = `${server.url}/graphql`;
    const run = (more: Record<string, string>, ...flags: string[]) =>
      bare([...list, ...flags], { env: { ...env, ...more } });
    expect(await run({ SLUICE_SERVER: real, SLUICE_TOKEN: token })).toMatchObject({ code: 0 });
    expect(await run({ SLUICE_SERVER: nowhere }, '--server', real, '--token', token)).toMatchObject(
      { code: 0 },
    );
    expect(await run({ SLUICE_TOKEN: token })).toMatchObject({ code: 1 });
  });

  test("keeps a context's token from a server named on the spot, unless the context is named too", async () => {
    await sluice('context', 'set', 'lab', '--server', nowhere, '--token-file', tokenFile);
    const there = [...list, '--server', `${server.url}/graphql`];
    expect(await sluice(...there)).toMatchObject({ code: 4, stdout: '' });
    expect(await sluice(...there, '--context', 'lab')).toMatchObject({ code: 0, stdout: '[]\n' });
  });
});

describe('a server behind TLS', () => {
  test('is trusted by the authority that the context names, on both its protocols', async () => {
    await using front = await startTlsFront(Number(new URL(server.url).port));
    const url = `https://localhost:${front.port}/graphql`;
    await sluice(
      'context',
      'set',
      'tls',
      '--server',
      url,
      '--token-file',
      tokenFile,
      '--ca-file',
      front.caFile,
    );
    expect(await sluice(...list)).toEqual({ code: 0, stdout: '[]\n', stderr: '' });
    const watch = bare.start(['agent', 'list', '--watch'], { env });
    await eventually(() => expect(watch.stdout).toContain('TIME'));
    watch.child.kill('SIGINT');
    expect(await watch.ended).toMatchObject({ code: 130, stderr: 'Interrupted.\n' });
  });

  test('that wants a certificate is shown the one that is named, on both its protocols', async () => {
    const port = Number(new URL(server.url).port);
    await using front = await startTlsFront(port, { wantsCertificate: true });
    const where = [
      '--server',
      `https://localhost:${front.port}/graphql`,
      '--ca-file',
      front.caFile,
    ];
    await sluice('context', 'set', 'tls', ...where, '--token-file', tokenFile);
    const { code, stderr } = await sluice(...list);
    expect(code).toBe(1);
    expect(stderr).toMatch(/The server wants a certificate: --client-cert and --client-key/);
    const shown = ['--client-cert', front.certFile, '--client-key', front.keyFile];
    expect(await sluice(...list, ...shown)).toEqual({ code: 0, stdout: '[]\n', stderr: '' });
    expect(await sluice(...list, ...shown.slice(0, 2))).toMatchObject({
      ...{ code: 2, stderr: expect.stringContaining('needs both --client-cert and --client-key') },
    });
    await sluice('context', 'set', 'tls', ...shown);
    const watch = bare.start(['agent', 'list', '--watch'], { env });
    await eventually(() => expect(watch.stdout).toContain('TIME'));
    watch.child.kill('SIGINT');
    expect(await watch.ended).toMatchObject({ code: 130, stderr: 'Interrupted.\n' });
  });

  test.each([
    { url: (port: number) => `https://localhost:${port}/graphql`, says: /--ca-file names it\.\n$/ },
    {
      url: (port: number) => `http://localhost:${port}/graphql`,
      says: /http:\/\/ (and|or) https:\/\//,
    },
  ])('whose fault is told with what to do next: $says', async ({ url, says }) => {
    await using front = await startTlsFront(Number(new URL(server.url).port));
    const args = [...list, '--server', url(front.port), '--token-file', tokenFile];
    const { code, stdout, stderr } = await sluice(...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(says);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  test('that has another name than its certificate, and one that speaks none, are told', async () => {
    await using front = await startTlsFront(Number(new URL(server.url).port));
    const ask = (url: string) =>
      sluice(...list, '--server', url, '--token-file', tokenFile, '--ca-file', front.caFile);
    expect((await ask(`https://127.0.0.1:${front.port}/graphql`)).stderr).toContain(
      'Name the server as its certificate does',
    );
    expect((await ask(`${server.url.replace('http', 'https')}/graphql`)).stderr).toContain(
      'One side speaks TLS and the other does not',
    );
  });
});
