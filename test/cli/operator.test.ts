import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ReportUsageDocument } from '../../schema/generated/graphql.ts';
import { type Api, type Cli, cliFor, startCli, startOnTerminal } from '../support/cli.ts';
import type { TestServer } from '../support/server.ts';
import { agentOf } from '../support/services.ts';

let server: TestServer;
let sluice: Cli;
let api: Api;
const portId = randomUUID();
const freePortId = randomUUID();
let ruleId: string;

beforeAll(async () => {
  ({ server, sluice, api } = await startCli());
  const agent = agentOf(server.services, 'host-a');
  await agent.heartbeat();
  await agent.plug(portId, freePortId);
  ({ id: ruleId } = await api.createRule({ portId, tenantId: 't', maxKbps: 10_000 }));
  await agent.report([
    {
      ...{ portId, direction: 'EGRESS', ruleId, ruleVersion: 1, status: 'DEGRADED' },
      ...{ message: 'The burst was raised to one packet.' },
      programmed: { mechanism: 'openflow_meter', maxKbps: 10_000, maxBurstKbps: 12 },
    },
  ]);
  const token = await server.token({ role: 'agent', host: 'host-a' });
  const counted = { portId, direction: 'EGRESS', ruleId, packets: '150', droppedPackets: '50' };
  const usage = { host: 'host-a', usage: [{ ...counted, direction: 'EGRESS' as const }] };
  await server.execute(token, ReportUsageDocument, { input: usage });
});
afterAll(() => server?.stop());

describe('agent', () => {
  test('list shows how the agents are', async () => {
    const { stdout } = await sluice(['agent', 'list']);
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^HOST +ALIVE +CONNECTED +ADMIN STATE UP +CONVERGED +DRIVER/),
      expect.stringMatching(/^host-a +yes +no +up +yes +- +- +- +\d+ s ago$/),
      '',
    ]);
    expect(await sluice.json('agent', 'list', '--alive')).toMatchObject([
      { host: 'host-a', alive: true, adminStateUp: true, converged: true },
    ]);
    expect(await sluice.json('agent', 'list', '--no-alive')).toEqual([]);
    expect(await sluice.json('agent', 'list', '--host', 'host-b')).toEqual([]);
  });

  test('show and set take its host or its id', async () => {
    await agentOf(server.services, 'host-set').heartbeat();
    const agent = (await sluice.json('agent', 'show', 'host-set')) as { id: string };
    const down = await sluice.json(
      'agent',
      'set',
      agent.id,
      '--disable',
      '--description',
      'repair',
    );
    expect(down).toMatchObject({ adminStateUp: false, description: 'repair' });
    expect(await sluice.json('agent', 'show', agent.id)).toMatchObject({ adminStateUp: false });
    const up = await sluice.json('agent', 'set', 'host-set', '--enable', '--description', 'none');
    expect(up).toMatchObject({ adminStateUp: true, description: null });
    const { stdout } = await sluice(['agent', 'show', 'host-set']);
    expect(stdout).toMatch(/^ADMIN STATE UP {2}up$/m);
  });

  test('set refuses nothing to change, and both states at once', async () => {
    expect(await sluice(['agent', 'set', 'host-a'])).toMatchObject({ code: 2 });
    expect(await sluice(['agent', 'set', 'host-a', '--enable', '--disable'])).toMatchObject({
      ...{
        code: 2,
        stderr: expect.stringContaining("'--enable' cannot be used with option '--disable'"),
      },
    });
  });

  test('delete refuses one that lives, and knows none that is not there', async () => {
    expect(await sluice(['agent', 'delete', 'host-a'])).toMatchObject({ code: 5, stdout: '' });
    expect(await sluice(['agent', 'delete', 'host-z'])).toEqual({
      ...{ code: 3, stdout: '' },
      stderr: 'There is no agent on host host-z. "sluice agent list" shows those there are.\n',
    });
  });
});

describe('port', () => {
  test('list shows where ports are and which directions have rules', async () => {
    expect(await sluice.json('port', 'list', '--tenant-id', 't')).toMatchObject([
      { id: portId, tenantId: 't', hosts: ['host-a'], rules: [{ direction: 'EGRESS' }] },
    ]);
    const { stdout } = await sluice(['port', 'list', '--host', 'host-a', '--id', portId]);
    expect(stdout).toMatch(/^ID +NAME +TENANT ID +NETWORK ID +HOSTS +DIRECTIONS\n/);
    expect(stdout).toMatch(new RegExp(`^${portId} +- +t +- +host-a \\(plugged\\) +EGRESS$`, 'm'));
    const first = await sluice(['port', 'list', '-f', 'value', '-c', 'id', '--limit', '1']);
    const rest = ['port', 'list', '-f', 'value', '-c', 'id', '--marker', first.stdout.trim()];
    expect((await sluice(rest)).stdout + first.stdout).toContain(portId);
  });

  test('bind registers a port, show tells where it is, unbind takes it back', async () => {
    const id = randomUUID();
    const networkId = randomUUID();
    const bind = ['port', 'bind', id, 'host-b', '--tenant-id', 't', '--network-id', networkId];
    expect(await sluice.json(...bind, '--name', 'web')).toMatchObject({
      ...{ id, tenantId: 't', networkId, name: 'web', hosts: ['host-b'] },
    });
    const shown = await sluice(['port', 'show', id]);
    expect(shown.stdout).toMatch(/^HOST +INTERFACE +BOUND +PLUGGED +SETTLED +SINCE$/m);
    expect(shown.stdout).toContain('It has no rules.');
    expect(await sluice.json('port', 'unbind', id, 'host-b')).toMatchObject({ hosts: [] });
    expect(await sluice(['port', 'unbind', id, 'host-b'])).toMatchObject({ code: 3 });
  });

  test('that is not there exits with 3', async () => {
    expect(await sluice(['port', 'show', randomUUID()])).toMatchObject({ code: 3, stdout: '' });
    expect(await sluice(['port', 'show', 'x'])).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('host show', () => {
  test('is the page to open at night: the agent, the lag, each port, what is asked and what was programmed', async () => {
    const { code, stdout } = await sluice(['host', 'show', 'host-a']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^AGENT +alive, not connected, last heard of \d+ s ago$/m);
    expect(stdout).toMatch(/^FEED +everything is confirmed$/m);
    expect(stdout).toMatch(/^LIMITS +1 DEGRADED$/m);
    const [limited, free] = stdout.trimEnd().split('\n').slice(-2);
    expect(limited).toMatch(
      new RegExp(
        `^${portId} +tap-\\S+ +EGRESS +10 Mbit/s +openflow_meter: 10 Mbit/s, burst 12 kbit +DEGRADED +25.0 % \\(50\\) +The burst`,
      ),
    );
    expect(free).toMatch(new RegExp(`^${freePortId} +tap-\\S+ +-`));
  });

  test('names what could not be removed', async () => {
    const agent = agentOf(server.services, 'host-a');
    const message = 'Meter 7 is still on bridge br0.';
    const removal = { portId: freePortId, direction: 'INGRESS', ruleId: null } as const;
    await agent.report([{ ...removal, status: 'FAILED', message, programmed: null }], {
      complete: false,
    });
    const { stdout } = await sluice(['host', 'show', 'host-a']);
    expect(stdout).toMatch(/^REMOVALS +1 failed; the agent goes on trying$/m);
    expect(stdout).toMatch(
      new RegExp(`^PORT +INTERFACE +STILL THERE\\n${freePortId} +tap.*Meter 7`, 'm'),
    );
  });

  test('cuts no reason short, however narrow the terminal is', async () => {
    const show = startOnTerminal(sluice, ['host', 'show', 'host-a'], { columns: 70 });
    const { stdout } = await show.ended;
    expect(stdout).toContain(
      `EGRESS of port ${portId} is DEGRADED: The burst was raised to one packet.`,
    );
  });

  test('has all of it for machines', async () => {
    expect(await sluice.json('host', 'show', 'host-a')).toMatchObject({
      ...{ host: 'host-a', agent: { alive: true } },
      bindings: [{ portId, status: 'DEGRADED', rule: { id: ruleId, maxKbps: 10_000 } }],
      ports: expect.arrayContaining([expect.objectContaining({ id: freePortId })]),
    });
  });

  test('says since when a host has not answered', async () => {
    await sluice(['rule', 'update', ruleId, '--max-kbps', '20000']);
    const { stdout } = await sluice(['host', 'show', 'host-a']);
    expect(stdout).toMatch(/^FEED +behind for \d+ s$/m);
  });

  test('of a host that nobody knows exits with 3', async () => {
    expect(await sluice(['host', 'show', 'nowhere'])).toMatchObject({ code: 3, stdout: '' });
  });
});

test('extension show tells what each driver enforces', async () => {
  expect(await sluice.json('extension', 'show')).toMatchObject({ alias: 'qos', version: '1.0' });
  const { stdout } = await sluice(['extension', 'show']);
  expect(stdout).toMatch(/^ovs +maxKbps +EGRESS INGRESS +1 to 2147483647$/m);
  expect(stdout).toMatch(/^ovs +dscpMark +EGRESS +0 8 10/m);
});

describe('audit list', () => {
  test('tells who changed what, old → new, for administrators', async () => {
    const id = (await api.createRule({ portId: randomUUID(), tenantId: 'audited', maxKbps: 5 })).id;
    await sluice(['rule', 'update', id, '--max-kbps', '7']);
    const entries = await sluice.json('audit', 'list', '--object-id', id);
    expect(entries).toMatchObject([
      { action: 'qosRule.updated', objectId: id, tenantId: 'audited', address: '127.0.0.1' },
      { action: 'qosRule.created', before: null },
    ]);
    const { stdout } = await sluice(['audit', 'list', '--object-id', id]);
    expect(stdout).toMatch(/^\d+ s ago +admin.* 127\.0\.0\.1 +qosRule\.updated .*5 → 7/m);
    const paged = await sluice([
      'audit',
      'list',
      '--object-id',
      id,
      '--limit',
      '1',
      '-c',
      'action',
    ]);
    const [, marker = ''] = /--marker (\S+)/.exec(paged.stderr) ?? [];
    const rest = ['audit', 'list', '--object-id', id, '--marker', marker, '-f', 'value'];
    expect((await sluice([...rest, '-c', 'action'])).stdout).toBe('qosRule.created\n');
  });

  test('is refused to others with exit code 4 and what to do; so is a token that has expired', async () => {
    const url = `${server.url}/graphql`;
    const member = cliFor(url, await server.token({ role: 'member', tenant: 't' }));
    expect(await member(['audit', 'list'])).toMatchObject({
      ...{
        code: 4,
        stdout: '',
        stderr: expect.stringContaining('Use a token whose role allows it.'),
      },
    });
    const expired = cliFor(url, await server.token({ role: 'admin' }, -1_000));
    for (const args of [
      ['rule', 'list'],
      ['rule', 'watch'],
    ]) {
      expect(await expired(args)).toMatchObject({
        ...{ code: 4, stdout: '', stderr: expect.stringContaining('makes a new token') },
      });
    }
  });
});
