import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Api, startCli } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { startProxy } from '../support/proxy.ts';
import type { TestServer } from '../support/server.ts';
import { agentOf } from '../support/services.ts';

/* Each example of docs/clients.md as it stands there, against a real server. */

const run = promisify(execFile);
const root = new URL('../..', import.meta.url).pathname;
const text = await readFile('docs/clients.md', 'utf8');
const blocks = [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)];
const [limit, follow] = blocksOf('ts');
const [beside, curl, wscat] = blocksOf('sh');
const [watch] = blocksOf('python');

let server: TestServer;
let api: Api;
let folder: string;
/** Not below node_modules, where Node strips no types. */
let scripts: string;
let env: Record<string, string | undefined>;

beforeAll(async () => {
  ({ server, api } = await startCli());
  folder = await mkdtemp('/tmp/sluice-clients-');
  scripts = await mkdtemp(join(root, 'data-of-test-'));
  env = await environment(`${server.url}/graphql`);
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true });
  await rm(scripts, { recursive: true });
});

function blocksOf(language: string): string[] {
  return blocks.filter(([, name]) => name === language).map(([, , block]) => block ?? '');
}

async function environment(url: string) {
  const token = await server.token({ role: 'admin' });
  const path = `${join(root, 'node_modules/.bin')}:${process.env.PATH}`;
  return { PATH: path, HOME: folder, SLUICE_SERVER: url, SLUICE_TOKEN: token };
}

/** A script of the page somewhere in the checkout: there `sluice/client` is this package's own. */
async function script(name: string, block: string | undefined): Promise<string> {
  const path = join(scripts, name);
  await writeFile(path, block ?? '');
  return path;
}

interface Running extends AsyncDisposable {
  readonly child: ChildProcessWithoutNullStreams;
  readonly output: string;
}

function start(command: string, args: readonly string[], environment = env): Running {
  const child = spawn(command, args, { cwd: root, env: environment });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (piece: string) => {
      output += piece;
    });
  }
  return {
    child,
    get output() {
      return output;
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
    },
  };
}

test('TypeScript: a script of ten lines limits a port and tells how far it is', async () => {
  const portId = randomUUID();
  const agent = agentOf(server.services, 'host-ts');
  await agent.heartbeat();
  await agent.plug(portId);
  const path = await script('limit.ts', limit);
  const { stdout } = await run(process.execPath, [path, portId, '5000'], { env });
  expect(stdout).toBe("5000 [ 'host-ts PENDING' ]\n");
  expect((limit ?? '').trim().split('\n').length).toBeLessThanOrEqual(10);
});

test('TypeScript: a feed goes on after the last step that was taken, over a broken connection', async () => {
  const [portId, other] = [randomUUID(), randomUUID()];
  const agent = agentOf(server.services, 'host-feed');
  await agent.heartbeat();
  await agent.plug(portId, other);
  const { id } = await api.createRule({ portId, tenantId: 't', maxKbps: 1000 });
  await using proxy = await startProxy(Number(new URL(server.url).port));
  const path = await script('follow.ts', follow);
  const far = await environment(`http://127.0.0.1:${proxy.port}/graphql`);
  await using running = start(process.execPath, [path, 'host-feed'], far);
  await eventually(() => expect(running.output).toContain(`${portId} 1000\n`));
  proxy.close();
  await api.deleteRule(id);
  await api.createRule({ portId: other, tenantId: 't', maxKbps: 2000 });
  proxy.open();
  await eventually(
    () => {
      expect(running.output).toContain(`${portId} no limit\n`);
      expect(running.output).toContain(`${other} 2000\n`);
    },
    { timeoutMs: 20_000 },
  );
});

test('curl: a query with variables', async () => {
  await agentOf(server.services, 'host-curl').heartbeat();
  // Beside npm start, whose token is in its data folder.
  await mkdir(join(folder, 'data'));
  await writeFile(join(folder, 'data/admin.token'), env.SLUICE_TOKEN ?? '');
  const exported = beside?.replace('http://127.0.0.1:4000', server.url);
  const { stdout } = await run('bash', ['-euc', `${exported}${curl}`], {
    cwd: folder,
    env: { PATH: env.PATH },
  });
  expect(JSON.parse(stdout).data.agents.nodes).toContainEqual({
    ...{ host: 'host-curl', alive: true, connected: false },
  });
});

test('wscat: a subscription by hand, on a terminal', async () => {
  const [typed = ''] = blocksOf('json');
  const [init, subscribe] = typed.replace('TOKEN', env.SLUICE_TOKEN ?? '').split('\n');
  const args = ['-qefc', `stty cols 4000; ${wscat}`, '/dev/null'];
  await using running = start('script', args, { ...env, TERM: 'xterm', SHELL: '/bin/bash' });
  await eventually(() => expect(running.output).toContain('Connected'));
  running.child.stdin.write(`${init}\r`);
  await eventually(() => expect(running.output).toContain('"connection_ack"'));
  running.child.stdin.write(`${subscribe}\r`);
  await eventually(async () => {
    await agentOf(server.services, `host-${randomUUID()}`).heartbeat();
    expect(running.output).toMatch(/"type":"CREATED","agent":\{"host":"host-/);
  });
});

test("Python: Debian's websockets watches rules", async () => {
  const path = join(folder, 'watch.py');
  await writeFile(path, watch ?? '');
  // Debian's own: another Python in the path need not have the package.
  await using running = start('/usr/bin/python3', [path]);
  await eventually(async () => {
    const portId = randomUUID();
    await api.createRule({ portId, tenantId: 't', maxKbps: 7 });
    expect(running.output).toMatch(
      /"type": "CREATED", "qosRule": {"portId": "[^"]+", "maxKbps": 7}/,
    );
  });
});
