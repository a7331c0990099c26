import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Api, type Cli, cliFor, type RunningCli, startCli } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { startProxy } from '../support/proxy.ts';
import type { TestServer } from '../support/server.ts';
import { agentOf } from '../support/services.ts';

let server: TestServer;
let sluice: Cli;
let api: Api;

beforeAll(async () => {
  ({ server, sluice, api } = await startCli());
});
afterAll(() => server?.stop());

interface Line {
  readonly type: string;
  readonly [key: string]: unknown;
}
const linesOf = ({ stdout }: RunningCli): Line[] =>
  stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line);
const interrupt = async (running: RunningCli) => {
  running.child.kill('SIGINT');
  return running.ended;
};
const create = (tenantId: string, portId = randomUUID()) =>
  api.createRule({ tenantId, portId, maxKbps: 1000 });

test('rule watch prints the rules there are, then each change, until Ctrl-C', async () => {
  const portId = randomUUID();
  const agent = agentOf(server.services, 'host-watch');
  await agent.heartbeat();
  await agent.plug(portId);
  const { id } = await create('watched', portId);
  const watch = [
    'rule',
    'watch',
    '--tenant-id',
    'watched',
    '-f',
    'json',
    '-c',
    'id',
    '-c',
    'status',
  ];
  const running = sluice.start(watch);
  await eventually(() =>
    expect(linesOf(running)).toEqual([{ type: 'LISTED', id, status: 'PENDING' }]),
  );

  const other = await create('watched');
  await create('unwatched');
  const { ports } = await agent.qos();
  const limit = ports[0]?.egress;
  await agent.report([
    {
      ...{ portId, direction: 'EGRESS', status: 'FAILED', message: null, programmed: null },
      ...{ ruleId: limit?.ruleId ?? null, ruleVersion: limit?.ruleVersion ?? null },
    },
  ]);
  await api.deleteRule(other.id);
  await eventually(() =>
    expect(linesOf(running).slice(1)).toEqual([
      { type: 'CREATED', id: other.id, status: null },
      { type: 'STATUS_CHANGED', id, status: 'FAILED' },
      { type: 'DELETED', id: other.id, status: null },
    ]),
  );
  expect(await interrupt(running)).toMatchObject({ code: 130, stderr: 'Interrupted.\n' });
});

test('rule watch prints a table whose columns stay where they are', async () => {
  const { id } = await create('table');
  const running = sluice.start(['rule', 'watch', '--tenant-id', 'table']);
  await eventually(() => expect(running.stdout).toContain(id));
  await sluice(['rule', 'update', id, '--max-kbps', '2000']);
  await eventually(() => expect(running.stdout).toContain('2 Mbit/s'));
  const { stdout } = await interrupt(running);
  const [heading = '', listed = '', updated = ''] = stdout.split('\n');
  expect(heading).toMatch(/^TIME +CHANGE +ID +TENANT ID +PORT ID +DIRECTION +LIMIT +STATUS$/);
  expect(listed).toMatch(/^\d\d:\d\d:\d\d {2}LISTED {10}\S{36} {2}table/);
  expect(updated).toMatch(/^\d\d:\d\d:\d\d {2}UPDATED {9}\S{36} {2}table/);
});

test('rule watch whose server goes away subscribes again, and prints what it missed only', async () => {
  const [kept, dropped] = [await create('missed'), await create('missed')];
  await using proxy = await startProxy(Number(new URL(server.url).port));
  const token = await server.token({ role: 'admin' });
  const far = cliFor(`http://127.0.0.1:${proxy.port}/graphql`, token);
  const running = far.start(['rule', 'watch', '--tenant-id', 'missed', '-f', 'value', '-c', 'id']);
  await eventually(() => expect(running.stdout).toBe(`LISTED ${kept.id}\nLISTED ${dropped.id}\n`));
  proxy.close();
  await eventually(() => expect(running.stderr).toContain('Trying again.'));
  await api.deleteRule(dropped.id);
  const added = await create('missed');
  proxy.open();
  await eventually(
    () => expect(running.stdout).toContain(`DELETED ${dropped.id}\nLISTED ${added.id}\n`),
    { timeoutMs: 20_000 },
  );
  expect((await interrupt(running)).stdout.split('\n')).toHaveLength(5);
});

test('rule watch without a server fails at once', async () => {
  const nowhere = cliFor('http://127.0.0.1:1/graphql', 'x');
  expect(await nowhere(['rule', 'watch'])).toMatchObject({ code: 1, stdout: '' });
});

test('agent list --watch prints the agents that were asked for, as they come', async () => {
  const first = agentOf(server.services, 'host-first');
  await first.heartbeat();
  const watch = ['agent', 'list', '--watch', '--host', 'host-first', '--host', 'host-second'];
  const running = sluice.start([...watch, '-f', 'value', '-c', 'host', '-c', 'adminStateUp']);
  await eventually(() => expect(running.stdout).toBe('LISTED host-first true\n'));
  await agentOf(server.services, 'host-other').heartbeat();
  await agentOf(server.services, 'host-second').heartbeat();
  await sluice(['agent', 'set', 'host-first', '--disable']);
  await eventually(() => expect(running.stdout).toContain('UPDATED host-first false'));
  const { code, stdout } = await interrupt(running);
  expect(code).toBe(130);
  expect(stdout).toContain('CREATED host-second true');
  expect(stdout).not.toContain('host-other');
});
