import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Api, type Cli, cliFor, startCli } from '../support/cli.ts';
import { startProxy } from '../support/proxy.ts';
import type { TestServer } from '../support/server.ts';

let server: TestServer;
let sluice: Cli;
let api: Api;
let token: string;
let folder: string;

beforeAll(async () => {
  ({ server, sluice, api } = await startCli());
  token = await server.token({ role: 'admin' });
  folder = await mkdtemp('/tmp/sluice-cli-');
  const gone = await listen(() => {});
  nowhere = urlOf(gone, '/graphql');
  gone.close();
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true });
});

/** Where nothing listens any more. */
let nowhere: string;

describe('servers', () => {
  test('are tried in turn until one answers', async () => {
    const list = await cliFor(
      `${nowhere},${server.url}/graphql`,
      token,
    )(['rule', 'list', '-f', 'json']);
    expect(list).toEqual({ code: 0, stdout: '[]\n', stderr: '' });
  });

  test('that are all away are named with the reason, and what to set', async () => {
    const { code, stdout, stderr } = await cliFor(nowhere, token)(['rule', 'list']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(
      `No answer from ${nowhere}: connect ECONNREFUSED ${new URL(nowhere).host}. Does it run? SLUICE_SERVER or --server says where.\n`,
    );
  });

  test('that are lost in the middle of a change are not asked for it again', async () => {
    await using proxy = await startProxy(Number(new URL(server.url).port));
    const far = cliFor(`http://127.0.0.1:${proxy.port}/graphql,${server.url}/graphql`, token);
    const portId = randomUUID();
    proxy.cutAfterBytes(20);
    const create = ['--port-id', portId, '--tenant-id', 't', '--max-kbps', '5'];
    expect(await far(['rule', 'create', ...create])).toMatchObject({ code: 1, stdout: '' });
    expect(await api.rules({ portId: [portId] })).toHaveLength(1);
  });

  test('that speak no GraphQL are told from those that do', async () => {
    const other = await listen((server) =>
      server.on('request', (_, response) => response.end('hi')),
    );
    const url = urlOf(other, '/');
    const { code, stderr } = await cliFor(url, token)(['rule', 'list']);
    other.close();
    expect(code).toBe(1);
    expect(stderr).toBe(
      `${url} answered with HTTP 200 without GraphQL. Is that Sluice's endpoint? It ends with /graphql.\n`,
    );
  });
});

describe('settings', () => {
  const withoutToken = () => cliFor(`${server.url}/graphql`, '');

  test('may stand after the command, and in a file', async () => {
    const file = join(folder, 'token');
    await writeFile(file, `${token}\n`);
    const config = join(folder, 'cli.yaml');
    await writeFile(config, `tokenFile: ${file}\n`);
    const list = ['rule', 'list', '-f', 'csv', '-c', 'direction'];
    for (const more of [
      ['--token-file', file],
      ['--config', config],
    ]) {
      expect(await withoutToken()([...list, ...more])).toMatchObject({ code: 0, stderr: '' });
    }
  });

  test('without a token exit with 4, with one that cannot be read with 2', async () => {
    const env = { SLUICE_DATA: folder };
    expect(await withoutToken()(['rule', 'list'], { env })).toEqual({
      ...{ code: 4, stdout: '' },
      stderr: `There is no token: set SLUICE_TOKEN or --token-file. (A local start keeps one in ${folder}/admin.token, which cannot be read.)\n`,
    });
    expect(
      await withoutToken()(['rule', 'list', '--token-file', join(folder, 'none')]),
    ).toMatchObject({ code: 2, stdout: '' });
  });

  test('name every fault at once, with exit code 2', async () => {
    const args = ['rule', 'list', '--server', 'nowhere', '--log-level', 'loud'];
    const { code, stderr } = await sluice(args);
    expect(code).toBe(2);
    expect(stderr.split('\n')).toEqual([
      expect.stringContaining('--server is "nowhere"'),
      expect.stringContaining('--log-level is "loud"'),
      '',
    ]);
  });

  test('of a local start are found in its data folder', async () => {
    await writeFile(join(folder, 'admin.token'), token);
    const env = { SLUICE_DATA: folder };
    expect(await withoutToken()(['rule', 'list'], { env })).toMatchObject({ code: 0 });
  });
});

test('the log shows each request where it is asked for, on standard error', async () => {
  const list = ['rule', 'list', '--tenant-id', 'none', '-f', 'json'];
  const { stdout, stderr } = await sluice([...list, '--log-level', 'debug']);
  expect(stdout).toBe('[]\n');
  expect(JSON.parse(stderr)).toMatchObject({ operation: 'ListRules', name: 'sluice' });
});

test('without a command help goes to standard error, with exit code 2', async () => {
  for (const args of [[], ['rule']]) {
    const { code, stdout, stderr } = await sluice(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Usage: sluice');
  }
  const help = await sluice(['rule', 'create', '--help']);
  expect(help).toMatchObject({ code: 0, stderr: '' });
  expect(help.stdout).toContain('--wait[=seconds]');
  expect(await sluice(['--version'])).toMatchObject({ code: 0, stdout: '0.1.0\n' });
  expect(await sluice(['rul', 'list'])).toMatchObject({
    ...{ code: 2, stderr: expect.stringContaining('Did you mean rule?') },
  });
});

function listen(prepare: (server: Server) => void): Promise<Server> {
  const server = createServer();
  prepare(server);
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

const urlOf = (server: Server, path: string): string =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
