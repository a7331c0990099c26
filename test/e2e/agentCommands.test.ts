import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  ApplyQosRulesDocument,
  CreateQosRuleDocument,
  type Direction,
  UpdateQosRuleDocument,
} from '../../schema/generated/graphql.ts';
import { eventually } from '../support/eventually.ts';
import { type HostLab, startHostLab } from '../support/hostLab.ts';
import type { Guest, TestSwitch } from '../support/ovs.ts';
import type { Program } from '../support/program.ts';
import { startProxy, type TcpProxy } from '../support/proxy.ts';
import { leftovers, readSwitch } from '../support/readSwitch.ts';
import type { System } from '../support/system.ts';

const host = 'host-d';
const both = { egressKbps: 10_000, ingressKbps: 20_000 };
/** Two seconds, and a process's start and a slow machine's time beside. */
const awayWithinMs = 8_000;
let lab: HostLab;
let ovs: TestSwitch;
let system: System;
let proxy: TcpProxy;
let guest: Guest;
let folder: string;
let settings: Record<string, string>;

beforeAll(async () => {
  [lab, folder] = await Promise.all([startHostLab(), mkdtemp('/tmp/sluice-commands-')]);
  ({ ovs, system } = lab);
  guest = await ovs.addPort({ bridge: 'br0' });
  proxy = await startProxy(system.port);
  settings = {
    SLUICE_SERVER: `http://127.0.0.1:${proxy.port}/graphql`,
    SLUICE_TOKEN: await system.agentToken(host),
    SLUICE_HOST: host,
    SLUICE_DATA: folder,
    SLUICE_OVSDB: ovs.ovsdb,
    SLUICE_OVS_NETNS: ovs.netns,
  };
  await runAgentUntilHeld();
});
afterAll(async () => {
  await lab?.[Symbol.asyncDispose]();
  await proxy?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** Both directions of the guest's port are limited, known to the agent's disk, and the agent is stopped again. */
async function runAgentUntilHeld(): Promise<void> {
  const agent = await startAgent();
  await rule('EGRESS', 10_000);
  await rule('INGRESS', 20_000);
  await eventually(async () => expect(await held()).toEqual(both), { timeoutMs: 15_000 });
  await agent.stop();
}

const startAgent = (): Promise<Program> => system.startAgent({ host, ovs, settings });
const held = async () => (await readSwitch(ovs, 'br0')).get(guest.portId);
async function rule(direction: Direction, maxKbps: number): Promise<string> {
  const input = { tenantId: 't', portId: guest.portId, direction, maxKbps };
  const { createQosRule } = await system.request(CreateQosRuleDocument, { input });
  return createQosRule.qosRule.id;
}

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(...args: string[]): Promise<Ran> {
  const options = { env: { PATH: process.env.PATH, ...settings }, timeout: 30_000 };
  try {
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['agent/main.ts', ...args],
      options,
    );
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as Ran;
    return { code, stdout, stderr };
  }
}

async function json(code: number, ...args: string[]): Promise<unknown> {
  const ran = await run(...args, '-f', 'json');
  expect(ran.code, ran.stderr).toBe(code);
  return JSON.parse(ran.stdout);
}

describe('sluice-agent plan', () => {
  test('changes nothing and exits 0 where the switch is as the server wants it', async () => {
    const { code, stdout } = await run('plan');
    expect(stdout).toContain('as the server says now');
    expect(stdout).toContain('Nothing to change');
    expect(code).toBe(0);
  });

  test('names each change, of a queue and a meter taken away, makes none of them, and exits 2', async () => {
    await ovs.vsctl('clear', 'Port', guest.interfaceName, 'qos');
    await ovs.ofctl('del-flows', 'br0', `in_port=${guest.interfaceName}`);
    const before = await leftovers(ovs, 'br0');

    const planned = await json(2, 'plan');

    expect(planned).toMatchObject({
      host,
      source: 'server',
      changes: expect.arrayContaining([
        expect.objectContaining({
          portId: guest.portId,
          direction: 'INGRESS',
          mechanism: 'linux_htb',
          sentence: expect.stringContaining('20000 kbit/s'),
        }),
        expect.objectContaining({ direction: 'EGRESS', mechanism: 'openflow' }),
      ]),
    });
    expect(await leftovers(ovs, 'br0')).toEqual(before);
    await using _ = await startAgent();
    await eventually(async () => expect(await held()).toEqual(both), { timeoutMs: 15_000 });
  });

  test('finds a queue that only the kernel has lost, also with the server away', async () => {
    const tc = ['netns', 'exec', ovs.netns, 'tc', 'qdisc', 'del', 'dev', guest.interfaceName];
    await promisify(execFile)('ip', [...tc, 'root']);

    const lost = { changes: [{ direction: 'INGRESS', mechanism: 'linux_htb' }] };
    expect(await json(2, 'plan')).toMatchObject({ source: 'server', ...lost });
    proxy.close();
    try {
      expect(await json(2, 'plan')).toMatchObject({ source: 'disk', ...lost });
    } finally {
      proxy.open();
    }
    await using agent = await startAgent();
    await eventually(() => json(0, 'plan'), { timeoutMs: 15_000 });
    await agent.stop();
  });

  test('with the server away goes by the last known state on the disk, and says so', async () => {
    proxy.close();
    try {
      const { code, stdout } = await run('plan');
      expect(stdout).toContain('as last known, from the disk');
      expect(stdout).toContain('The server is away');
      expect(code).toBe(0);
    } finally {
      proxy.open();
    }
  });

  test('with neither server nor saved state refuses to guess', async () => {
    const { code, stderr } = await run(
      ...['plan', '--server', 'http://127.0.0.1:1/graphql', '--data', `${folder}/none`],
    );
    expect(stderr).toContain('What this host is to have is not known.');
    expect(code).toBe(1);
  });
});

describe('sluice-agent status', () => {
  test('says of each direction what is asked, programmed and held, and who is there', async () => {
    await using agent = await startAgent();
    await eventually(() => expect(agent.log).toContain('Connected to the server.'), {
      timeoutMs: 15_000,
    });

    expect(await json(0, 'status')).toMatchObject({
      host,
      agent: { running: true, pid: agent.pid },
      server: { reachable: true, fault: null },
      source: 'server',
      cursor: expect.any(String),
      adminStateUp: true,
      switch: { fault: null, capabilities: { datapathTypes: { br0: 'netdev' } } },
      limits: [
        {
          portId: guest.portId,
          direction: 'EGRESS',
          bridge: 'br0',
          interfaceName: guest.interfaceName,
          asked: { maxKbps: 10_000 },
          programmed: { mechanism: 'openflow_meter', maxKbps: 10_000 },
          status: 'APPLIED',
        },
        {
          direction: 'INGRESS',
          asked: { maxKbps: 20_000 },
          programmed: { mechanism: 'linux_htb', maxKbps: 20_000 },
          status: 'APPLIED',
        },
      ],
    });
    const { stdout } = await run('status');
    expect(stdout).toContain(`running, pid ${agent.pid}`);
    expect(stdout).toMatch(/br0 +10000 kbit\/s +10000 kbit\/s, burst \d+ kbit by openflow_meter/);
  });

  test('with the server away, and what it changed meanwhile not known', async () => {
    proxy.close();
    try {
      const id = await ruleIdOf('EGRESS');
      await system.request(UpdateQosRuleDocument, { input: { id, maxKbps: 11_000 } });
      expect(await json(0, 'status')).toMatchObject({
        agent: { running: false, pid: null },
        server: { reachable: false, fault: expect.any(String) },
        source: 'disk',
        limits: [{ asked: { maxKbps: 10_000 }, status: 'APPLIED' }, { status: 'APPLIED' }],
      });

      proxy.open();
      expect(await json(0, 'status')).toMatchObject({
        limits: [{ asked: { maxKbps: 11_000 }, status: 'PENDING' }, { status: 'APPLIED' }],
      });
      await system.request(UpdateQosRuleDocument, { input: { id, maxKbps: 10_000 } });
    } finally {
      proxy.open();
    }
  });

  test('with the switch away says soon what is asked, and that nothing else is known', async () => {
    const startedAt = performance.now();
    const { code, stdout } = await run('status', '--ovsdb', 'unix:/nowhere/db.sock');
    expect(performance.now() - startedAt).toBeLessThan(awayWithinMs);
    expect(stdout).toMatch(/OVSDB cannot be reached: .*ENOENT \/nowhere\/db.sock/);
    expect(stdout).toMatch(/10000 kbit\/s +- +unknown/);
    expect(code).toBe(0);
  });
});

describe('with ovs-vswitchd dead', () => {
  beforeAll(() => ovs.killVswitchd());
  afterAll(async () => {
    await ovs.startVswitchd();
    await using _ = await startAgent();
    await eventually(async () => expect(await held()).toEqual(both), { timeoutMs: 15_000 });
  });
  const inTime = async (...args: string[]) => {
    const startedAt = performance.now();
    const ran = await run(...args);
    expect(performance.now() - startedAt).toBeLessThan(awayWithinMs);
    return ran;
  };
  const away = /ovs-vswitchd does not run: nobody serves OpenFlow in /;

  test('status says so, and how far the queue in the kernel is', async () => {
    const { stdout } = await inTime('status', '-f', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      switch: { fault: expect.stringMatching(away) },
      limits: [
        { direction: 'EGRESS', status: 'FAILED', message: expect.stringContaining('br0.mgmt') },
        { direction: 'INGRESS', status: 'APPLIED', programmed: { mechanism: 'linux_htb' } },
      ],
    });
  });

  test('plan and purge refuse, and change nothing', async () => {
    const planned = await inTime('plan');
    expect(planned.stderr).toMatch(away);
    expect(planned.code).toBe(1);
    const purged = await inTime('purge', '--yes');
    expect(purged.stderr).toMatch(/Nothing was removed\.\n$/);
    expect(purged.code).toBe(1);
    expect(await ovs.vsctl('--no-wait', 'list', 'Queue')).toContain('sluice-port');
  });
});

describe('sluice-agent purge', () => {
  test('refuses while the agent runs, naming its pid', async () => {
    await using agent = await startAgent();
    await eventually(() => expect(agent.log).toContain('Connected to OVSDB.'), {
      timeoutMs: 15_000,
    });

    const { code, stderr } = await run('purge', '--yes');

    expect(stderr).toBe(
      `An agent (pid ${agent.pid}) is running on ${folder}/agent; it would put everything back, so stop it first.\n`,
    );
    expect(code).toBe(1);
    expect(await held()).toEqual(both);
  });

  test('refuses while another agent, with a folder of its own, holds the switch', async () => {
    await using agent = await startAgent();
    await eventually(() => expect(agent.log).toContain('Connected to OVSDB.'), {
      timeoutMs: 15_000,
    });

    const { code, stderr } = await run('purge', '--yes', '--data', `${folder}/other`);

    expect(stderr).toMatch(/^Another Sluice agent holds this switch .* Nothing was removed\.\n$/);
    expect(code).toBe(1);
    expect(await held()).toEqual(both);
  });

  test('removes everything of Sluice’s, also with the server away, and nothing of others', async () => {
    const other = await ovs.addPort({ bridge: 'br0' });
    await ovs.vsctl(
      ...['set', 'Port', other.interfaceName, 'qos=@q', '--', '--id=@q', 'create', 'QoS'],
      ...['type=linux-htb', 'other-config:max-rate=5000000'],
    );
    await ovs.ofctl('add-meter', 'br0', 'meter=7,kbps,bands=type=drop,rate=7000');
    await ovs.ofctl('add-flow', 'br0', 'priority=7,ip,actions=meter:7,NORMAL');
    proxy.close();
    try {
      const purged = await json(0, 'purge');
      expect(purged).toMatchObject({ host, left: [] });
      expect(await json(0, 'purge')).toEqual({ host, removed: [], left: [] });
    } finally {
      proxy.open();
    }

    expect(await leftovers(ovs, 'br0')).toMatchObject({ qos: 1, queues: 0, meters: 1 });
    const flows = await ovs.ofctl('dump-flows', 'br0');
    expect(flows).toContain('meter:7');
    expect(flows).not.toContain('cookie=0x736c7569');
    for (const table of ['Bridge', 'Port', 'Interface', 'QoS', 'Queue']) {
      expect(await ovs.vsctl('list', table)).not.toContain('sluice-');
    }
  });

  test('asks on a terminal, and takes anything but yes for no', async () => {
    await using agent = await startAgent();
    await eventually(async () => expect(await held()).toEqual(both), { timeoutMs: 15_000 });
    await agent.stop();
    const ask = async (answer: string) => {
      const command = `"${process.execPath}" agent/main.ts purge`;
      const child = promisify(execFile)('script', ['-qefc', command, '/dev/null'], {
        env: { PATH: process.env.PATH, TERM: 'xterm', ...settings },
        timeout: 30_000,
      });
      child.child.stdin?.write(`${answer}\r`);
      return await child.then(
        ({ stdout }) => stdout,
        ({ stdout }: Ran) => stdout,
      );
    };

    expect(await ask('n')).toContain('Nothing was removed.');
    expect(await held()).toEqual(both);
    expect(await ask('y')).toContain("Nothing of Sluice's is on this switch.");
    expect(await held()).toEqual({ egressKbps: null, ingressKbps: null });
  });
});

async function ruleIdOf(direction: Direction): Promise<string> {
  const { applyQosRules } = await system.request(ApplyQosRulesDocument, {
    input: {
      tenantId: 't',
      rules: [{ portId: guest.portId, direction, maxKbps: 10_000 }],
      dryRun: true,
    },
  });
  return applyQosRules.qosRules[0]!.id;
}
