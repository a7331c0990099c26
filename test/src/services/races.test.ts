import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyQosRules } from '../../../src/services/applyQosRules.ts';
import { bindingsOfRules } from '../../../src/services/batches.ts';
import { listQosRules } from '../../../src/services/qosRuleList.ts';
import { createQosRule, updateQosRule } from '../../../src/services/qosRules.ts';
import { holdLock } from '../../support/holdLock.ts';
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

const limit = (port: string, tenantId: string, maxKbps = 1_000) =>
  createQosRule(running.services, admin, { portId: port, tenantId, direction: 'EGRESS', maxKbps });
const lockPort = 'select 1 from ports where id = $1 for update';
const lockHost = 'select 1 from host_feeds where host = $1 for update';

test.each(['the binding first', 'the rule first'])(
  "a rule's change and a new binding of its port do not miss each other, %s",
  async (order) => {
    const { services, url } = running;
    const port = portId();
    const host = `race-${order.length}`;
    const agent = agentOf(services, host);
    const rule = await limit(port, 't', 1);
    await using stack = new AsyncDisposableStack();
    const lock = await holdLock(url, lockPort, [port]);
    stack.defer(() => lock.release().catch(() => undefined));

    const change = () => updateQosRule(services, admin, { id: rule.id, maxKbps: 2 });
    const bind = () => agent.plug(port);
    const [first, second] = order === 'the rule first' ? [change, bind] : [bind, change];
    const waiting: Promise<unknown>[] = [first()];
    await lock.waitedForBy(1);
    waiting.push(second());
    await lock.waitedForBy(2);
    await lock.release();
    await Promise.all(waiting);

    expect((await agent.qos()).ports).toEqual([
      {
        portId: port,
        egress: expect.objectContaining({ maxKbps: 2, ruleVersion: 2 }),
        ingress: null,
      },
    ]);
  },
);

test('a report that overtakes a newer change does not make it look applied', async () => {
  const { services, url } = running;
  const port = portId();
  const agent = agentOf(services, 'race-report');
  await agent.heartbeat();
  await agent.plug(port);
  const rule = await limit(port, 't');
  const lock = await holdLock(url, lockHost, ['race-report']);
  const updating = updateQosRule(services, admin, { id: rule.id, maxKbps: 2_000 });
  await lock.waitedForBy(1);

  // The change is written but not committed: for everyone else version 1 still is the present one.
  const result = {
    portId: port,
    direction: 'EGRESS',
    ruleId: rule.id,
    ruleVersion: 1,
    status: 'APPLIED',
  } as const;
  expect(await agent.report([result], { complete: false })).toBe(1);
  await lock.release();
  await updating;

  const [binding] = await bindingsOfRules(services, admin, [rule.id]);
  expect(binding?.status).toBe('PENDING');
});

test('prune and create: what was made before the prune looked is pruned, and its host is told', async () => {
  const { services, url } = running;
  const [kept, old, young] = [portId(), portId(), portId()];
  const agent = agentOf(services, 'race-prune');
  await agent.plug(kept, old, young);
  await limit(old, 'prune');
  const lock = await holdLock(url, lockPort, [old]);
  const pruning = applyQosRules(services, admin, {
    tenantId: 'prune',
    rules: [{ portId: kept, direction: 'EGRESS', maxKbps: 5 }],
    prune: true,
    dryRun: false,
  });
  await lock.waitedForBy(1);
  await limit(young, 'prune');
  await lock.release();

  expect(await pruning).toMatchObject({ created: 1, deleted: 2 });
  const { items } = await listQosRules(services, admin, { tenantId: ['prune'] }, [], {
    first: 10,
    includeCount: false,
  });
  expect(items.map((rule) => rule.portId)).toEqual([kept]);
  expect((await agent.qos()).ports.map((port) => port.portId)).toEqual([kept]);
});

test('creates and prunes at full speed leave every feed as the database is', async () => {
  const { services } = running;
  const ports = Array.from({ length: 12 }, portId);
  const hosts = ['speed-1', 'speed-2', 'speed-3'];
  for (const host of hosts) await agentOf(services, host).plug(...ports);
  const refusedIsFine = () => undefined;
  const creates = ports.flatMap((port) => [limit(port, 'speed').catch(refusedIsFine)]);
  const prunes = [0, 4, 8].map((start) =>
    applyQosRules(services, admin, {
      tenantId: 'speed',
      rules: ports
        .slice(start, start + 4)
        .map((port) => ({ portId: port, direction: 'INGRESS', maxKbps: 9 })),
      prune: true,
      dryRun: false,
    }),
  );
  await Promise.all([...creates, ...prunes]);

  const { items } = await listQosRules(services, admin, { tenantId: ['speed'] }, [], {
    first: 100,
    includeCount: false,
  });
  for (const host of hosts) {
    const told = (await agentOf(services, host).qos()).ports.flatMap(({ egress, ingress }) =>
      [egress, ingress].flatMap((side) => (side ? [side.ruleId] : [])),
    );
    expect(told.sort()).toEqual(items.map(({ id }) => id).sort());
  }
});
