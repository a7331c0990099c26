import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Api, type Cli, startCli } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { startProgram } from '../support/program.ts';
import type { TestServer } from '../support/server.ts';
import { agentOf } from '../support/services.ts';

let server: TestServer;
let sluice: Cli;
let api: Api;

beforeAll(async () => {
  ({ server, sluice, api } = await startCli());
});
afterAll(async () => {
  await server?.stop();
  for (const folder of folders) await rm(folder, { recursive: true });
});

const folders: string[] = [];
const agentFolder = async () => {
  const folder = await mkdtemp('/tmp/sluice-cli-');
  folders.push(folder);
  return folder;
};

type Status = 'APPLIED' | 'DEGRADED' | 'FAILED' | 'WAITING_FOR_PORT';

/** An agent that answers for its whole host, with the status that the test wants. */
async function agentOn(host: string, portId: string) {
  const agent = agentOf(server.services, host);
  await agent.heartbeat();
  await agent.plug(portId);
  const answer = async (status: Status, message: string | null = null) => {
    const { ports } = await agent.qos();
    const results = ports.flatMap(({ portId, egress }) =>
      egress
        ? [
            {
              ...{ portId, direction: 'EGRESS' as const, status, message, programmed: null },
              ...{ ruleId: egress.ruleId, ruleVersion: egress.ruleVersion },
            },
          ]
        : [],
    );
    await agent.report(results);
  };
  return { ...agent, answer };
}

const created = async (portId: string) =>
  (await api.createRule({ portId, tenantId: 't', maxKbps: 1000 })).id;
/** The rule asked for is in the host's feed. */
const asked = (agent: ReturnType<typeof agentOf>, maxKbps: number | null) =>
  eventually(async () => {
    const [port] = (await agent.qos()).ports;
    expect(port?.egress?.maxKbps ?? null).toBe(maxKbps);
  });

describe('rule create --wait', () => {
  const create = (portId: string, wait: string) =>
    sluice([
      ...['rule', 'create', '--port-id', portId, '--tenant-id', 't', '--max-kbps', '1000'],
      ...[wait, '-f', 'value', '-c', 'status'],
    ]);

  test('returns 0 once every host has applied it', async () => {
    const portId = randomUUID();
    const [first, second] = [await agentOn('host-1', portId), await agentOn('host-2', portId)];
    const running = create(portId, '--wait=20');
    await asked(first, 1000);
    await first.answer('APPLIED');
    await asked(second, 1000);
    await second.answer('APPLIED');
    expect(await running).toEqual({ code: 0, stdout: 'APPLIED\n', stderr: '' });
  });

  test.each(['FAILED', 'DEGRADED'] as const)(
    'returns 1 at once when a host says %s, with its reason, though another is still silent',
    async (status) => {
      const portId = randomUUID();
      const agent = await agentOn(`host-${status}`, portId);
      await agentOn(`silent-${status}`, portId);
      const running = create(portId, '--wait');
      await asked(agent, 1000);
      await agent.answer(status, 'No meters in this kernel.');
      const { code, stdout, stderr } = await running;
      expect({ code, stdout }).toEqual({ code: 1, stdout: `${status}\n` });
      expect(stderr).toBe(
        `host-${status}: EGRESS of port ${portId} is ${status}: No meters in this kernel.\n`,
      );
    },
  );

  test('returns 6 when the time is up, and says what each host still lacks', async () => {
    const portId = randomUUID();
    const waiting = await agentOn('host-unplugged', portId);
    await agentOn('host-silent', portId);
    await sluice(['port', 'bind', portId, 'host-unknown']);
    const running = create(portId, '--wait=2');
    await asked(waiting, 1000);
    await waiting.answer('WAITING_FOR_PORT');
    const { code, stderr } = await running;
    expect(code).toBe(6);
    expect(stderr.split('\n').sort()).toEqual([
      '',
      'Not all has settled within 2 s; it goes on without this command.',
      `host-silent: EGRESS of port ${portId} is PENDING: its agent has not answered yet.`,
      `host-unknown: EGRESS of port ${portId} is NO_AGENT: no agent has ever reported from there.`,
      `host-unplugged: EGRESS of port ${portId} is WAITING_FOR_PORT: the port is not plugged there yet.`,
    ]);
  });

  test('returns 6 where the port is on no host', async () => {
    const { code, stdout, stderr } = await create(randomUUID(), '--wait=0');
    expect({ code, stdout }).toEqual({ code: 6, stdout: '-\n' });
    expect(stderr).toContain('is on no host: plug it');
  });
});

test('a real agent settles a rule, its change and its removal', async () => {
  await using _agent = startProgram('agent/main.ts', ['run'], {
    ...{ SLUICE_SERVER: `${server.url}/graphql`, SLUICE_HOST: 'host-real' },
    ...{ SLUICE_TOKEN: await server.token({ role: 'agent', host: 'host-real' }) },
    ...{ SLUICE_DRIVER: 'noop', SLUICE_METRICS_LISTEN: 'off' },
    SLUICE_DATA: await agentFolder(),
  });
  const portId = randomUUID();
  const bind = ['port', 'bind', portId, 'host-real', '--tenant-id', 't', '--wait=20'];
  expect(await sluice(bind)).toMatchObject({ code: 0, stderr: '' });
  const create = ['rule', 'create', '--port-id', portId, '--max-kbps', '1000', '--wait=20'];
  const made = await sluice([...create, '-f', 'value', '-c', 'id', '-c', 'status']);
  expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/\nAPPLIED\n$/) });
  const [id = ''] = made.stdout.split('\n');
  for (const args of [
    ['update', id, '--max-kbps', '2000'],
    ['delete', id],
  ]) {
    expect(await sluice(['rule', ...args, '--wait=20'])).toMatchObject({ code: 0 });
  }
});

test('rule update --wait waits for the new version, not for what was applied before', async () => {
  const portId = randomUUID();
  const agent = await agentOn('host-update', portId);
  const id = await created(portId);
  await agent.answer('APPLIED');
  const running = sluice(['rule', 'update', id, '--max-kbps', '2000', '--wait=20']);
  await asked(agent, 2000);
  await agent.answer('DEGRADED', 'The burst is one packet.');
  expect(await running).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('The burst is one packet.'),
  });
});

test('rule delete --wait returns once every host that had it has confirmed', async () => {
  const portId = randomUUID();
  const agent = await agentOn('host-delete', portId);
  const id = await created(portId);
  await agent.answer('APPLIED');
  const running = sluice(['rule', 'delete', '--wait', id]);
  await asked(agent, null);
  await agent.answer('APPLIED');
  expect(await running).toEqual({ code: 0, stdout: '', stderr: `Rule ${id} is deleted.\n` });

  const late = await created(portId);
  expect(await sluice(['rule', 'delete', late, '--wait=1'])).toMatchObject({
    code: 6,
    stderr: expect.stringContaining('has not confirmed the removal yet'),
  });
});

test('rule delete --wait returns 1 with the reason of a host that could not remove the limit', async () => {
  const portId = randomUUID();
  const agent = await agentOn('host-stuck', portId);
  const id = await created(portId);
  await agent.answer('APPLIED');
  const running = sluice(['rule', 'delete', '--wait', id]);
  await asked(agent, null);
  const removal = { portId, direction: 'EGRESS', ruleId: null, programmed: null } as const;
  const message = 'Meter 7 is still on bridge br0.';
  await agent.report([{ ...removal, status: 'FAILED', message }]);
  const said = `EGRESS is still limited: ${message}`;
  expect(await running).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`host-stuck: removal from port ${portId} is FAILED: ${said}`),
  });

  const shown = async () => (await sluice(['port', 'show', portId])).stdout.replace(/\s+/g, ' ');
  expect(await shown()).toContain('Meter 7');
  await agent.report([{ ...removal, status: 'APPLIED', message: null }]);
  expect(await shown()).not.toContain('Meter 7');
});

test('port bind --wait waits for the new host only, and unbind for the removal there', async () => {
  const portId = randomUUID();
  await created(portId);
  await sluice(['port', 'bind', portId, 'host-old']);
  const agent = agentOf(server.services, 'host-new');
  await agent.heartbeat();
  const binding = sluice(['port', 'bind', portId, 'host-new', '--wait=20']);
  await asked(agent, 1000);
  const { ports } = await agent.qos();
  const limit = ports[0]?.egress;
  await agent.report([
    {
      ...{ portId, direction: 'EGRESS', status: 'APPLIED', message: null, programmed: null },
      ...{ ruleId: limit?.ruleId ?? null, ruleVersion: limit?.ruleVersion ?? null },
    },
  ]);
  expect(await binding).toMatchObject({ code: 0, stderr: '' });

  const unbinding = sluice(['port', 'unbind', portId, 'host-new', '--wait=20']);
  await eventually(async () => {
    const { ports } = await agent.qos();
    expect(ports.filter(({ egress }) => egress)).toEqual([]);
  });
  await agent.report([]);
  expect(await unbinding).toMatchObject({ code: 0, stderr: '' });
});

test('port bind --wait of a port without rules returns once its host has taken note', async () => {
  const portId = randomUUID();
  const agent = agentOf(server.services, 'host-free');
  await agent.heartbeat();
  const { to: before } = await agent.qos();
  const running = sluice(['port', 'bind', portId, 'host-free', '--tenant-id', 't', '--wait=20']);
  await eventually(async () => expect((await agent.qos()).to).not.toEqual(before));
  await agent.report([]);
  expect(await running).toMatchObject({ code: 0, stderr: '' });
});

test('rule apply --wait waits for all rules of the file, also for those that were right, and for what was pruned', async () => {
  const [kept, pruned] = [randomUUID(), randomUUID()];
  const agent = await agentOn('host-apply', kept);
  await agent.plug(pruned);
  const file = (...rules: object[]) => ({ input: JSON.stringify(rules) });
  const rule = { portId: kept, tenantId: 'apply', maxKbps: 1000 };
  await sluice(['rule', 'apply', '-f', '-'], file(rule, { ...rule, portId: pruned }));

  const again = await sluice(['rule', 'apply', '-f', '-', '--wait=1'], file(rule));
  expect(again).toMatchObject({
    code: 6,
    stdout: '0 created, 0 updated, 0 deleted, 1 unchanged.\n',
    stderr: expect.stringContaining(`host-apply: EGRESS of port ${kept} is PENDING`),
  });
  await agent.answer('APPLIED');
  const running = sluice(['rule', 'apply', '-f', '-', '--prune', '--wait=20'], file(rule));
  await eventually(async () => {
    const { ports } = await agent.qos();
    expect(ports.filter(({ egress }) => egress)).toHaveLength(1);
  });
  await agent.answer('APPLIED');
  expect(await running).toEqual({
    code: 0,
    stdout: '0 created, 0 updated, 1 deleted, 1 unchanged.\n',
    stderr: '',
  });
});

test('a rule that somebody deletes meanwhile ends the wait', async () => {
  const portId = randomUUID();
  await agentOn('host-gone', portId);
  const id = await created(portId);
  const running = sluice(['rule', 'update', id, '--max-kbps', '2000', '--wait=20']);
  await eventually(async () =>
    expect(await api.rules({ id: [id] })).toMatchObject([{ version: 2 }]),
  );
  await api.deleteRule(id);
  const { code, stderr } = await running;
  expect(code).toBe(3);
  expect(stderr).toContain(`There is no rule ${id}.`);
});

test('Ctrl-C ends the wait with 130 and says that the rule stays', async () => {
  const portId = randomUUID();
  await agentOn('host-interrupt', portId);
  const id = await created(portId);
  const args = ['rule', 'update', id, '--max-kbps', '3000', '--wait', '--log-level', 'debug'];
  const running = sluice.start(args);
  // The log says when it waits.
  await eventually(() => expect(running.stderr).toContain('RuleProgress'));
  running.child.kill('SIGINT');
  const { code, stdout, stderr } = await running.ended;
  expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
  expect(stderr).toMatch(new RegExp(`\\nInterrupted. Rule ${id} is changed.\\n$`));
});
