import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Change } from '../../agent/desired.ts';
import { loadLastGood } from '../../agent/lastGood.ts';
import { eventually } from '../support/eventually.ts';
import { FeedServer } from '../support/feedServer.ts';
import { limitOf } from '../support/limits.ts';
import { type Program, startProgram } from '../support/program.ts';

const script = 'agent/main.ts';
const portId = '11111111-2222-4333-8444-555555555555';
const ruleId = '99999999-2222-4333-8444-555555555555';
let folder: string;
let server: FeedServer;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-agent-'));
  server = await FeedServer.start();
});
afterEach(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const settings = (more: Record<string, string> = {}) => ({
  SLUICE_DATA: folder,
  SLUICE_SERVER: server.url,
  SLUICE_TOKEN: 'secret',
  SLUICE_HOST: 'host-1',
  SLUICE_DRIVER: 'noop',
  SLUICE_METRICS_LISTEN: 'off',
  ...more,
});
const startAgent = (more?: Record<string, string>): Program =>
  startProgram(script, [], settings(more));

const step = (
  from: string | null,
  to: string,
  ruleVersion: number,
  adminStateUp = true,
): Change => ({
  from,
  to,
  more: false,
  adminStateUp,
  ports: [{ portId, egress: { ...limit, ruleVersion }, ingress: null }],
});
const limit = limitOf({ ruleId, maxKbps: 1000 });
const lastGood = () =>
  loadLastGood({ path: join(folder, 'agent/last-known-good.json'), host: 'host-1' });

describe('The agent program', () => {
  test('enforces what its feed says, reports it, keeps it on disk, and ends cleanly', async () => {
    server.firstSteps = () => [step(null, 'c1', 1)];
    await using agent = startAgent();
    const quick = { timeoutMs: 15_000 };
    await eventually(() => expect(server.qosReports).toHaveLength(1), quick);
    server.push(step('c1', 'c2', 2));
    await eventually(() => expect(server.qosReports).toHaveLength(2));
    server.push(step('c2', 'c3', 2, false));
    await eventually(() => expect(server.qosReports).toHaveLength(3));

    expect(server.qosReports).toMatchObject([
      { host: 'host-1', to: 'c1', complete: true, results: [{ portId, ruleId, ruleVersion: 1 }] },
      { to: 'c2', complete: true, results: [{ status: 'APPLIED', ruleVersion: 2 }] },
      { to: 'c3', complete: true, results: [] },
    ]);
    expect(server.heartbeats).toMatchObject([
      {
        startFlag: true,
        configurations: { driver: 'noop', ovsVersion: null, capabilities: { enforces: false } },
      },
    ]);
    expect(server.portReports[0]).toMatchObject({ host: 'host-1', complete: true });
    expect(await agent.stop()).toBe(0);
    expect(await lastGood()).toMatchObject({
      kind: 'loaded',
      desired: { cursor: 'c3', adminStateUp: false },
    });
    const kept = join(folder, 'agent');
    expect((await stat(kept)).mode & 0o777).toBe(0o700);
    expect(await readdir(join(kept, 'compiled')), 'for the next start').not.toEqual([]);
  });

  test('enforces its last known state without a server, and goes on from there when it is back', async () => {
    server.firstSteps = () => [step(null, 'c1', 1)];
    {
      await using agent = startAgent();
      await eventually(async () => expect(await lastGood()).toMatchObject({ kind: 'loaded' }), {
        timeoutMs: 15_000,
      });
      await agent.kill();
    }
    const { port } = server;
    await server.stop();
    await using agent = startAgent({ SLUICE_SERVER: `http://127.0.0.1:${port}/graphql` });
    await eventually(() => expect(agent.log).toContain('Enforcing the last known state.'), {
      timeoutMs: 15_000,
    });

    server = await FeedServer.start(port);
    server.firstSteps = () => [step('c1', 'c2', 2)];

    await eventually(() => expect(server.qosReports.at(-1)).toMatchObject({ to: 'c2' }), {
      timeoutMs: 15_000,
    });
    expect(server.opened).toEqual([{ host: 'host-1', since: 'c1' }]);
  });

  test('refuses a data folder that another agent is using', async () => {
    await using agent = startAgent();
    await eventually(() => expect(server.heartbeats).toHaveLength(1), { timeoutMs: 15_000 });

    const second = run([]);

    expect(second.status).toBe(1);
    expect(second.stderr).toContain('is running on');
    expect(await agent.stop()).toBe(0);
  });

  test('serves its metrics, and goes on without them where the address is taken', async () => {
    await using agent = startAgent({
      SLUICE_METRICS_LISTEN: '127.0.0.1:0',
      SLUICE_LOG_FORMAT: 'json',
    });
    const { port } = await eventually(
      () => {
        const line = agent.log.split('\n').find((text) => text.includes('Serving metrics.'));
        return JSON.parse(line ?? '') as { port: number };
      },
      { timeoutMs: 15_000 },
    );
    await eventually(() => expect(server.feedCount).toBe(1));

    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();

    expect(text).toContain('sluice_agent_feed_connected 1');
    expect(text).toMatch(/sluice_agent_reconcile_seconds_count [1-9]/);
    const other = await mkdtemp(join(tmpdir(), 'sluice-agent-'));
    try {
      await using second = startAgent({
        SLUICE_METRICS_LISTEN: `127.0.0.1:${port}`,
        SLUICE_DATA: other,
      });
      await eventually(() => expect(server.feedCount).toBe(2), { timeoutMs: 15_000 });
      expect(second.log).toContain('Metrics cannot be served; going on without.');
    } finally {
      await rm(other, { recursive: true, force: true });
    }
  });

  test('names every fault of its settings at once, and prints them as they hold', async () => {
    const wrong = run(['--metrics-listen', 'x', '--egress-mechanism', 'magic'], {
      SLUICE_SERVER: 'ftp://x',
      SLUICE_TOKEN_FILE: '/x',
    });
    expect(wrong.status).toBe(2);
    expect(wrong.stderr.trim().split('\n')).toHaveLength(4);
    expect(wrong.stderr).toContain('Both a token and a token file are set');
    expect(run(['--no-such-flag']).status).toBe(2);
    await writeFile(join(folder, 'agent.yaml'), 'bridges: [br-int, br-ex]\n');

    const right = run(['check-config', '--config', join(folder, 'agent.yaml')]);

    expect(right.status).toBe(0);
    expect(right.stdout).toContain('bridges: ["br-int","br-ex"]');
    expect(right.stdout).toContain('token: (hidden)');
    expect(run(['--version']).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

function run(args: readonly string[], more?: Record<string, string>) {
  const env = { PATH: process.env.PATH, ...settings(more) };
  return spawnSync(process.execPath, [script, ...args], { env, encoding: 'utf8', timeout: 20_000 });
}
