import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { query } from '../../../src/db/query.ts';
import { deleteAgent, getAgent, updateAgent } from '../../../src/services/agents.ts';
import { bindingsOfPorts, bindingsOfRules, hostStates } from '../../../src/services/batches.ts';
import { expireUnplugged } from '../../../src/services/housekeeping.ts';
import { bindPort, unbindPort } from '../../../src/services/ports.ts';
import { createQosRule, updateQosRule } from '../../../src/services/qosRules.ts';
import {
  admin,
  agentOf,
  portId,
  startServices,
  type TestServices,
} from '../../support/services.ts';

let running: TestServices;
beforeAll(async () => {
  running = await startServices();
});
afterAll(() => running[Symbol.asyncDispose]());

const hostsOf = async (port: string) =>
  (await bindingsOfPorts(running.services, admin, [port]))
    .filter(({ removedAt }) => removedAt === null)
    .map(({ host }) => host);
const limit = (port: string, maxKbps = 1_000) =>
  createQosRule(running.services, admin, {
    portId: port,
    tenantId: 't',
    direction: 'EGRESS',
    maxKbps,
  });
const statuses = async (ruleId: string) =>
  (await bindingsOfRules(running.services, admin, [ruleId])).map(({ host, status }) => [
    host,
    status,
  ]);

describe('a port', () => {
  test('on no host has a rule and no bindings; plugged anywhere, it is bound there', async () => {
    const port = portId();
    const rule = await limit(port);
    expect(await statuses(rule.id)).toEqual([]);

    const agent = agentOf(running.services, 'late');
    await agent.heartbeat();
    await agent.plug(port);
    expect(await statuses(rule.id)).toEqual([['late', 'PENDING']]);
    expect((await agent.qos()).ports).toEqual([
      { portId: port, egress: expect.objectContaining({ ruleId: rule.id }), ingress: null },
    ]);
  });

  test('bound before it exists gets its rules, with nobody to enforce them yet', async () => {
    const port = portId();
    await bindPort(running.services, admin, { portId: port, host: 'empty' });
    const rule = await limit(port);
    expect(await statuses(rule.id)).toEqual([['empty', 'NO_AGENT']]);
  });

  test('unplugged and plugged again keeps its binding, and no feed moves', async () => {
    const port = portId();
    const agent = agentOf(running.services, 'flap');
    await agent.plug(port);
    await limit(port);
    const before = await agent.qos();
    await agent.unplug(port);
    await agent.plug(port);
    await agent.plug(port);
    expect(await agent.qos()).toEqual(before);
  });

  test('plugged on a second host is on both until it leaves the first, then on the second only', async () => {
    const port = portId();
    const rule = await limit(port);
    const [source, destination] = [
      agentOf(running.services, 'src'),
      agentOf(running.services, 'dst'),
    ];
    await source.plug(port);
    await destination.plug(port);
    expect(await hostsOf(port)).toEqual(['dst', 'src']);
    expect((await source.qos()).ports).toHaveLength(1);
    expect((await destination.qos()).ports).toHaveLength(1);

    await source.unplug(port);
    expect(await hostsOf(port)).toEqual(['dst']);
    expect((await source.qos()).ports).toEqual([]);
    expect((await destination.qos()).ports[0]?.egress?.ruleId).toBe(rule.id);
  });

  test('plugged elsewhere after it was unplugged here ends here at once', async () => {
    const port = portId();
    const [first, second] = [
      agentOf(running.services, 'cold-1'),
      agentOf(running.services, 'cold-2'),
    ];
    await first.plug(port);
    await first.unplug(port);
    expect(await hostsOf(port)).toEqual(['cold-1']);
    await second.plug(port);
    expect(await hostsOf(port)).toEqual(['cold-2']);
  });

  test('bound by an administrator stays bound through all of that, until it is unbound', async () => {
    const port = portId();
    const [first, second] = [
      agentOf(running.services, 'kept-1'),
      agentOf(running.services, 'kept-2'),
    ];
    await bindPort(running.services, admin, { portId: port, host: 'kept-1' });
    await first.plug(port);
    await second.plug(port);
    await first.unplug(port);
    expect(await hostsOf(port)).toEqual(['kept-1', 'kept-2']);
    await unbindPort(running.services, admin, { portId: port, host: 'kept-1' });
    expect(await hostsOf(port)).toEqual(['kept-2']);
  });

  test('unplugged for too long ends, and its host is told', async () => {
    const port = portId();
    const agent = agentOf(running.services, 'expire');
    await agent.plug(port);
    await limit(port);
    await agent.unplug(port);
    await expireUnplugged(running.services, 60_000);
    expect(await hostsOf(port)).toEqual(['expire']);
    await expireUnplugged(running.services, -1);
    expect(await hostsOf(port)).toEqual([]);
    expect((await agent.qos()).ports).toEqual([]);
  });

  test('learns its network from the agent, and its rules with it', async () => {
    const port = portId();
    const network = portId();
    const rule = await limit(port);
    const { services } = running;
    const { reportPorts } = await import('../../../src/services/reportPorts.ts');
    await reportPorts(
      services,
      { role: 'agent', subject: 'a', host: 'net' },
      {
        host: 'net',
        complete: true,
        plugged: [{ portId: port, interfaceName: 'tap1', networkId: network }],
        unplugged: [],
      },
    );
    const [row] = await query(
      services.emFor(admin),
      sql<{ network_id: string }>`select network_id from qos_rules where id = ${rule.id}`,
    );
    expect(row?.network_id).toBe(network);
  });
});

describe('a report', () => {
  const applied = (ruleId: string, port: string, ruleVersion = 1) => ({
    portId: port,
    direction: 'EGRESS' as const,
    ruleId,
    ruleVersion,
    status: 'APPLIED' as const,
    programmed: { mechanism: 'openflow_meter', maxKbps: 1_000 },
  });

  test('makes a binding APPLIED with what was programmed, until the rule changes', async () => {
    const port = portId();
    const agent = agentOf(running.services, 'rep');
    await agent.heartbeat();
    await agent.plug(port);
    const rule = await limit(port);
    expect(await agent.report([applied(rule.id, port)])).toBe(1);
    const [binding] = await bindingsOfRules(running.services, admin, [rule.id]);
    expect(binding).toMatchObject({
      status: 'APPLIED',
      programmed: { mechanism: 'openflow_meter', maxKbps: 1_000 },
      appliedAt: expect.any(Date),
    });
    const state = (await hostStates(running.services, admin, ['rep'])).get('rep');
    expect(state?.confirmed).toEqual(state?.desired);

    await updateQosRule(running.services, admin, { id: rule.id, maxKbps: 2_000 });
    expect(await statuses(rule.id)).toEqual([['rep', 'PENDING']]);
    expect(await agent.report([applied(rule.id, port, 1)])).toBe(0);
    expect(await statuses(rule.id)).toEqual([['rep', 'PENDING']]);
  });

  test('from before the port was bound anew says nothing about the new binding', async () => {
    const port = portId();
    const agent = agentOf(running.services, 'reborn');
    await agent.heartbeat();
    await bindPort(running.services, admin, { portId: port, host: 'reborn' });
    const rule = await limit(port);
    await agent.report([applied(rule.id, port)]);
    await unbindPort(running.services, admin, { portId: port, host: 'reborn' });
    await bindPort(running.services, admin, { portId: port, host: 'reborn' });
    expect(await statuses(rule.id)).toEqual([['reborn', 'PENDING']]);
  });

  test('decides DISABLED only once the agent has confirmed that nothing is enforced', async () => {
    const port = portId();
    const agent = agentOf(running.services, 'down');
    await agent.heartbeat();
    await agent.plug(port);
    const rule = await limit(port);
    await agent.report([applied(rule.id, port)]);
    const { id } = (await getAgent(running.services, admin, { host: 'down' }))!;

    await updateAgent(running.services, admin, { id, adminStateUp: false });
    expect((await agent.qos()).adminStateUp).toBe(false);
    expect(await statuses(rule.id)).toEqual([['down', 'PENDING']]);
    await agent.report([]);
    expect(await statuses(rule.id)).toEqual([['down', 'DISABLED']]);

    await updateAgent(running.services, admin, { id, adminStateUp: true });
    expect(await statuses(rule.id)).toEqual([['down', 'PENDING']]);
    await agent.report([applied(rule.id, port)]);
    expect(await statuses(rule.id)).toEqual([['down', 'APPLIED']]);
  });
});

describe('an agent', () => {
  test('that is alive is not deleted; a dead one takes what it discovered with it', async () => {
    await using short = await startServices({ agentDownMs: 200 });
    const agent = agentOf(short.services, 'gone');
    const [found, bound] = [portId(), portId()];
    await bindPort(short.services, admin, { portId: bound, host: 'gone' });
    await agent.plug(found, bound);
    await agent.heartbeat();
    const { id } = (await getAgent(short.services, admin, { host: 'gone' }))!;

    await expect(deleteAgent(short.services, admin, id)).rejects.toMatchObject({
      faults: [{ code: 'CONFLICT' }],
    });
    await expect
      .poll(() => deleteAgent(short.services, admin, id).catch(() => null), { timeout: 5_000 })
      .toBe(id);
    const left = await bindingsOfPorts(short.services, admin, [found, bound]);
    expect(left.filter(({ removedAt }) => removedAt === null)).toEqual([
      expect.objectContaining({ portId: bound, bound: true, plugged: false }),
    ]);
  });
});
