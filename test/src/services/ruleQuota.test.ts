import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { query } from '../../../src/db/query.ts';
import type { Refused } from '../../../src/domain/errors.ts';
import { applyQosRules } from '../../../src/services/applyQosRules.ts';
import { bindPort } from '../../../src/services/ports.ts';
import { createQosRule, deleteQosRule, updateQosRule } from '../../../src/services/qosRules.ts';
import type { Services } from '../../../src/services/services.ts';
import {
  deleteTenantQuota,
  setTenantQuota,
  usedRules,
} from '../../../src/services/tenantQuotas.ts';
import { holdLock } from '../../support/holdLock.ts';
import {
  admin,
  agentOf,
  connectServices,
  emOf,
  member,
  portId,
  startServices,
  type TestServices,
} from '../../support/services.ts';

const quotaRules = 4;
let running: TestServices;
let services: Services;
beforeAll(async () => {
  running = await startServices({ quotaRules });
  ({ services } = running);
});
afterAll(() => running[Symbol.asyncDispose]());

/** So many ports that an administrator gave the tenant. */
async function portsOf(tenantId: string, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, portId);
  await query(
    emOf(services),
    sql`insert into ports (id, tenant_id) select id, ${tenantId} from unnest(${ids}::uuid[]) as p (id)`,
  );
  return ids;
}

const egress = (port: string, maxKbps = 1_000) => ({
  ...{ portId: port, direction: 'EGRESS' as const, maxKbps },
});
const create = (tenantId: string, port: string, on = services) =>
  createQosRule(on, member(tenantId), egress(port));
const apply = (
  tenantId: string,
  ports: readonly string[],
  { prune = false, dryRun = false } = {},
) =>
  applyQosRules(services, member(tenantId), {
    ...{ rules: ports.map((port) => egress(port, 2_000)), prune, dryRun },
  });
const used = async (tenantId: string) =>
  (await usedRules(services, admin, [tenantId])).get(tenantId) ?? 0;
const refusalOf = (promise: Promise<unknown>): Promise<string | undefined> =>
  promise.then(
    () => undefined,
    ({ faults }: Refused) => faults.map(({ code, message }) => `${code} ${message}`).join('\n'),
  );

/** How everybody queues who is to make rules of the tenant. */
const lockOf = (tenantId: string) =>
  holdLock(
    running.url,
    "select pg_advisory_xact_lock(hashtextextended('sluice: rules of ' || $1, 0))",
    [tenantId],
  );

describe("a tenant's quota", () => {
  test('lets its members make so many rules and no more, until one is deleted', async () => {
    const [first, ...ports] = await portsOf('full', 5);
    const rule = await create('full', first!);
    for (const port of ports.slice(0, 3)) await create('full', port);
    expect(await refusalOf(create('full', ports[3]!))).toBe(
      'LIMIT_EXCEEDED Tenant full has 4 rules and its quota is 4, which leaves no room for another one: ' +
        'delete rules, or ask an administrator for a larger quota.',
    );
    await deleteQosRule(services, member('full'), { id: rule.id });
    await create('full', ports[3]!);
    expect(await used('full')).toBe(4);
  });

  test('holds where eight make rules at once, on two servers', async () => {
    const ports = await portsOf('race', 8);
    const other = await connectServices(running.url, { quotaRules });
    try {
      const lock = await lockOf('race');
      const made = ports.map((port, index) =>
        refusalOf(create('race', port, index % 2 ? other.services : services)),
      );
      await lock.waitedForBy(8);
      await lock.release();
      const refusals = (await Promise.all(made)).filter((refusal) => refusal !== undefined);
      expect(refusals).toHaveLength(4);
      for (const refusal of refusals) expect(refusal).toMatch(/^LIMIT_EXCEEDED .* has 4 rules/);
      expect(await used('race')).toBe(4);
    } finally {
      await other[Symbol.asyncDispose]();
    }
  });

  test('holds where lists and single rules are made at once', async () => {
    const ports = await portsOf('mixed', 6);
    const lock = await lockOf('mixed');
    const made = [
      apply('mixed', ports.slice(0, 2)),
      create('mixed', ports[2]!),
      apply('mixed', ports.slice(3, 5)),
      create('mixed', ports[5]!),
    ].map(refusalOf);
    await lock.waitedForBy(4);
    await lock.release();
    // In whatever order they come, the single ones fill what no list fits into.
    expect((await Promise.all(made)).filter((refusal) => refusal !== undefined)).not.toEqual([]);
    expect(await used('mixed')).toBe(4);
  });

  test('whose members wait for each other keeps nobody else on their hosts waiting', async () => {
    const [slow] = await portsOf('slow', 1);
    const [quick] = await portsOf('quick', 1);
    for (const port of [slow!, quick!]) {
      await bindPort(services, admin, { portId: port, host: 'shared-host' });
    }
    const lock = await lockOf('slow');
    const waiting = create('slow', slow!);
    await lock.waitedForBy(1);
    await create('quick', quick!);
    await lock.release();
    await waiting;
  });

  test('stands in no order of locks that could not be kept: everybody at full speed on shared hosts', async () => {
    const hosts = ['busy-1', 'busy-2'];
    const ports = await portsOf('busy', 10);
    for (const host of hosts) await agentOf(services, host).plug(...ports);
    const refusals = await Promise.all([
      ...ports.map(async (port) => {
        const refusal = await refusalOf(create('busy', port));
        await Promise.all(hosts.map((host) => agentOf(services, host).plug(port)));
        return refusal;
      }),
      ...[0, 3, 6].map((start) =>
        refusalOf(apply('busy', ports.slice(start, start + 3), { prune: true })),
      ),
      refusalOf(
        applyQosRules(services, admin, {
          ...{ rules: [egress(ports[9]!)], tenantId: 'busy', prune: true, dryRun: false },
        }),
      ),
    ]);
    for (const refusal of refusals) {
      expect(refusal ?? 'LIMIT_EXCEEDED').toMatch(/^(LIMIT_EXCEEDED|CONFLICT)/);
    }
    // One that an administrator makes meanwhile is counted after it.
    expect(await used('busy')).toBeLessThanOrEqual(quotaRules + 1);
  });

  test('counts the rules of its own tenant only', async () => {
    const ports = await portsOf('neighbour', 4);
    for (const port of ports) await create('neighbour', port);
    const [port] = await portsOf('alone', 1);
    await setTenantQuota(services, admin, { tenantId: 'alone', maxRules: 1 });
    await create('alone', port!);
  });

  test('does not stand before the answer that there is a rule already', async () => {
    const ports = await portsOf('there', 4);
    for (const port of ports) await create('there', port);
    expect(await refusalOf(create('there', ports[0]!))).toMatch(/^CONFLICT .* already has a rule/);
  });
});

describe('a list of rules', () => {
  test('is applied whole or not at all', async () => {
    const ports = await portsOf('list', 6);
    await create('list', ports[0]!);
    const refusal =
      'LIMIT_EXCEEDED Tenant list has 1 rule and its quota is 4, which leaves no room for 4 more: ' +
      'delete rules, or ask an administrator for a larger quota.';
    expect(await refusalOf(apply('list', ports.slice(0, 5)))).toBe(refusal);
    expect(await refusalOf(apply('list', ports.slice(0, 5), { dryRun: true }))).toBe(refusal);
    expect(await used('list')).toBe(1);
    expect(await apply('list', ports.slice(0, 4))).toMatchObject({ created: 3, updated: 1 });
  });

  test('counts by what is left of it: what is pruned makes room, what is changed takes none', async () => {
    const ports = await portsOf('prune', 8);
    await apply('prune', ports.slice(0, 4));
    expect(await apply('prune', ports.slice(0, 4))).toMatchObject({ unchanged: 4 });
    expect(await apply('prune', ports.slice(2, 6), { prune: true })).toMatchObject({
      ...{ created: 2, deleted: 2, unchanged: 2 },
    });
    expect(await refusalOf(apply('prune', ports.slice(0, 5), { prune: true }))).toMatch(
      'has 4 rules and its quota is 4, which leaves no room for another one',
    );
  });

  test('may shrink a tenant that is above its quota, though not to where it may be', async () => {
    const ports = await portsOf('shrink', 5);
    await apply('shrink', ports.slice(0, 4));
    await setTenantQuota(services, admin, { tenantId: 'shrink', maxRules: 1 });
    const smaller = [ports[0]!, ports[1]!, ports[4]!];
    expect(await apply('shrink', smaller, { prune: true })).toMatchObject({
      ...{ created: 1, deleted: 2 },
    });
    expect(await used('shrink')).toBe(3);
  });
});

describe('an administrator', () => {
  test('is bound by no quota, and what one makes counts for its tenant', async () => {
    const ports = await portsOf('given', 7);
    await applyQosRules(services, admin, {
      ...{ rules: ports.slice(0, 4).map((port) => egress(port)), prune: false, dryRun: false },
    });
    await createQosRule(services, admin, egress(ports[4]!));
    expect(await used('given')).toBe(5);
    expect(await refusalOf(create('given', ports[5]!))).toMatch('has more than 4 rules');
    expect(await refusalOf(apply('given', [ports[5]!]))).toMatch('has more than 4 rules');
  });

  test('lowers a quota below what is used: all of it stays and may be changed, nothing is added', async () => {
    const ports = await portsOf('lower', 3);
    const rule = await create('lower', ports[0]!);
    await create('lower', ports[1]!);
    expect(await setTenantQuota(services, admin, { tenantId: 'lower', maxRules: 0 })).toEqual({
      ...{ tenantId: 'lower', maxRules: 0, isDefault: false },
    });
    expect(await used('lower')).toBe(2);
    await updateQosRule(services, member('lower'), { id: rule.id, maxKbps: 7 });
    await deleteQosRule(services, member('lower'), { id: rule.id });
    expect(await refusalOf(create('lower', ports[2]!))).toMatch('has more than 0 rules');
  });

  test('lets a tenant have any number, and takes that back', async () => {
    const ports = await portsOf('any', 7);
    await setTenantQuota(services, admin, { tenantId: 'any', maxRules: -1 });
    await apply('any', ports.slice(0, 5));
    await create('any', ports[5]!);
    expect(await deleteTenantQuota(services, admin, 'any')).toEqual({
      ...{ tenantId: 'any', maxRules: quotaRules, isDefault: true },
    });
    expect(await refusalOf(create('any', ports[6]!))).toMatch('LIMIT_EXCEEDED');
    expect(await refusalOf(deleteTenantQuota(services, admin, 'any'))).toBe(
      'NOT_FOUND There is no quota of tenant any.',
    );
  });

  test('leaves each change of a quota in the audit log, and none where nothing changed', async () => {
    const set = (maxRules: number) =>
      setTenantQuota(services, admin, { tenantId: 'audited', maxRules });
    await set(5);
    await set(5);
    await Promise.all([set(6), set(6)]);
    await deleteTenantQuota(services, admin, 'audited');
    const entries = await query(
      emOf(services),
      sql`select action, object_id, tenant_id, before, after from audit_log
        where object_id = 'audited' order by id`,
    );
    const about = { object_id: 'audited', tenant_id: 'audited' };
    expect(entries).toEqual([
      { ...about, action: 'tenantQuota.set', before: null, after: { maxRules: 5 } },
      { ...about, action: 'tenantQuota.set', before: { maxRules: 5 }, after: { maxRules: 6 } },
      { ...about, action: 'tenantQuota.deleted', before: { maxRules: 6 }, after: null },
    ]);
  });

  test.each([
    ['', 1, 'tenantId must not be empty'],
    ['acme', -2, 'maxRules must be -1, for any number of rules, or from 0'],
  ])('sets no quota for the tenant "%s" of %d', async (tenantId, maxRules, fault) => {
    expect(await refusalOf(setTenantQuota(services, admin, { tenantId, maxRules }))).toMatch(fault);
  });
});

test('a server of the version before goes on making rules while it is upgraded', async () => {
  const [port] = await portsOf('older', 1);
  const rule = {
    id: portId(),
    tenant_id: 'older',
    port_id: port,
    direction: 'EGRESS',
    max_kbps: 1,
  };
  const entry = {
    actor: 'admin x',
    action: 'qosRule.created',
    objectId: rule.id,
    tenantId: 'older',
  };
  const [made] = await query(
    emOf(services),
    sql<{ hosts: string[] }>`
      select * from sluice_create_rule(${JSON.stringify(rule)}::jsonb, 'older', null, false,
        ${JSON.stringify(entry)}::jsonb)`,
  );
  expect(made).toMatchObject({ hosts: [] });
  expect(await used('older')).toBe(1);
});
