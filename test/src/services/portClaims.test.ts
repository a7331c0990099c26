import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { query } from '../../../src/db/query.ts';
import { bindingsOfPorts } from '../../../src/services/batches.ts';
import { bindPort } from '../../../src/services/ports.ts';
import { createQosRule } from '../../../src/services/qosRules.ts';
import { reportPorts } from '../../../src/services/reportPorts.ts';
import {
  admin,
  agentOf,
  connectServices,
  portId,
  startServices,
  type TestServices,
} from '../../support/services.ts';

let running: TestServices;
let strict: TestServices;
beforeAll(async () => {
  running = await startServices({ portClaimsPerMinute: 3 });
  strict = await connectServices(running.url, { portClaims: 'strict' });
  for (const host of ['owner', 'thief', 'planned'])
    await agentOf(running.services, host).heartbeat();
});
afterAll(async () => {
  await strict[Symbol.asyncDispose]();
  await running[Symbol.asyncDispose]();
});

const plug = (of: TestServices, host: string, ...ports: string[]) =>
  reportPorts(
    of.services,
    { role: 'agent', subject: host, host, address: '192.0.2.9' },
    {
      ...{ host, complete: false, unplugged: [] },
      plugged: ports.map((id) => ({ portId: id, interfaceName: `tap${id.slice(0, 8)}` })),
    },
  );
const liveOf = async (port: string) =>
  (await bindingsOfPorts(running.services, admin, [port])).filter(
    ({ removedAt }) => removedAt === null,
  );
const auditOf = (objectId: string) =>
  query(
    running.services.emFor(admin),
    sql<{ action: string; address: string; tenantId: string | null; after: { count: number } }>`
      select action, address, tenant_id as "tenantId", after from audit_log where object_id = ${objectId}
      order by tenant_id, id`,
  );

describe('a port that another live host has', () => {
  test('is taken in at once, shown and audited; the other host keeps what it has', async () => {
    const port = portId();
    await plug(running, 'owner', port);
    const rule = await createQosRule(running.services, admin, {
      ...{ portId: port, tenantId: 't', direction: 'EGRESS' as const, maxKbps: 1_000 },
    });
    const before = await agentOf(running.services, 'owner').qos();

    expect(await plug(running, 'thief', port)).toEqual({ accepted: 1, refused: [] });

    expect(await liveOf(port)).toMatchObject([
      { host: 'owner', plugged: true, claimedFrom: null },
      { host: 'thief', plugged: true, claimedFrom: 'owner' },
    ]);
    expect(await auditOf(port)).toMatchObject([{ action: 'port.claimed', address: '192.0.2.9' }]);
    expect(await agentOf(running.services, 'owner').qos()).toEqual(before);
    const { ports } = await agentOf(running.services, 'thief').qos();
    expect(ports.map(({ egress }) => egress?.ruleId)).toContain(rule.id);
  });

  test('is refused past the rate, the rest of the report counts, and the owner is untouched', async () => {
    const ports = Array.from({ length: 6 }, portId).sort();
    const own = portId();
    await plug(running, 'planned', ...ports);

    const { accepted, refused } = await plug(running, 'greedy', own, ...ports);

    expect(accepted).toBe(4);
    expect(refused.map(({ portId: id, code }) => [id, code])).toEqual(
      ports.slice(3).map((id) => [id, 'LIMIT_EXCEEDED']),
    );
    expect(await liveOf(own)).toMatchObject([{ host: 'greedy', claimedFrom: null }]);
    expect(await liveOf(ports[5]!)).toMatchObject([{ host: 'planned', plugged: true }]);
    expect(await auditOf('greedy')).toMatchObject([
      { action: 'port.claimRefused', after: { count: 3 } },
    ]);
  });

  test('unplugged a moment ago is still its: it claims nothing when it plugs it again', async () => {
    const port = portId();
    const owner = agentOf(running.services, 'owner');
    await plug(strict, 'owner', port);
    await owner.unplug(port);
    expect((await plug(strict, 'thief', port)).refused).toMatchObject([{ code: 'FORBIDDEN' }]);
    expect(await plug(strict, 'owner', port)).toEqual({ accepted: 1, refused: [] });
    expect(await liveOf(port)).toMatchObject([{ host: 'owner', plugged: true }]);
  });

  test('counts in strict mode only where an administrator bound it', async () => {
    const port = portId();
    await plug(strict, 'owner', port);
    const { refused } = await plug(strict, 'planned', port);
    expect(refused).toMatchObject([{ portId: port, code: 'FORBIDDEN' }]);
    expect(refused[0]!.message).not.toContain('owner');

    await bindPort(running.services, admin, { portId: port, host: 'planned' });

    expect(await plug(strict, 'planned', port)).toEqual({ accepted: 1, refused: [] });
    expect(await liveOf(port)).toMatchObject([
      { host: 'owner', plugged: true },
      { host: 'planned', bound: true, plugged: true, claimedFrom: null },
    ]);
  });
});

test('claims made again and again are one entry an hour, of the tenant whose port it is', async () => {
  const [port, other, nobodys] = [portId(), portId(), portId()];
  for (const [id, tenantId] of [
    [port, 'acme'],
    [other, 'globex'],
  ] as const) {
    const rule = { portId: id, tenantId, direction: 'EGRESS' as const, maxKbps: 1_000 };
    await createQosRule(running.services, admin, rule);
  }
  await plug(running, 'owner', port, other, nobodys);
  for (let time = 1; time <= 3; time += 1) {
    const { refused } = await plug(strict, 'again', port, other, nobodys);
    expect(refused).toHaveLength(3);
  }
  expect(await auditOf('again')).toMatchObject(
    ['acme', 'globex', null].map((tenantId) => ({
      ...{ action: 'port.claimRefused', tenantId },
      after: { count: 3, lastAt: expect.stringContaining('T') },
    })),
  );

  await query(running.services.emFor(admin), sql`delete from claim_budgets`);
  for (let time = 1; time <= 3; time += 1) {
    await plug(running, 'flaps', port);
    await agentOf(running.services, 'flaps').unplug(port);
  }
  expect(await auditOf(port)).toMatchObject([
    { action: 'port.claimed', tenantId: 'acme', after: { host: 'flaps', count: 3 } },
  ]);

  await query(
    running.services.emFor(admin),
    sql`update audit_log set at = at - interval '61 minutes' where object_id = 'again'`,
  );
  await plug(strict, 'again', port);
  expect(await auditOf('again')).toMatchObject([
    { tenantId: 'acme', after: { count: 3 } },
    { tenantId: 'acme', after: { count: 1 } },
    ...[{}, {}],
  ]);
});

test('a port of a host whose agent is silent is no claim', async () => {
  const port = portId();
  await plug(strict, 'never beats', port);
  expect(await plug(strict, 'planned', port)).toEqual({ accepted: 1, refused: [] });
});
