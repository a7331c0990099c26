import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../../src/db/orm.ts';
import { query } from '../../../src/db/query.ts';
import { Tenants } from '../../../src/db/tenants.ts';
import { bindPort } from '../../../src/services/ports.ts';
import { createQosRule } from '../../../src/services/qosRules.ts';
import { setTenantQuota } from '../../../src/services/tenantQuotas.ts';
import {
  admin,
  agentOf,
  emOf,
  member,
  portId,
  startServices,
  type TestServices,
} from '../../support/services.ts';

/** Two tenants, each with everything that a table may hold of one: on a host of its own, and on a shared one. */
interface Made {
  readonly tenant: string;
  readonly port: string;
  readonly host: string;
  readonly ruleId: string;
}

let running: TestServices;
let acme: Made;
let globex: Made;

beforeAll(async () => {
  running = await startServices();
  [acme, globex] = await Promise.all([make('acme'), make('globex')]);
});
afterAll(() => running[Symbol.asyncDispose]());

async function make(tenant: string): Promise<Made> {
  const { services } = running;
  const port = portId();
  const host = `host-of-${tenant}`;
  for (const on of [host, 'shared']) {
    await bindPort(services, admin, { portId: port, host: on, tenantId: tenant });
    await agentOf(services, on).heartbeat();
  }
  const { id: ruleId } = await createQosRule(services, member(tenant), {
    portId: port,
    direction: 'EGRESS',
    maxKbps: 1000,
  });
  await agentOf(services, host).report([
    { portId: port, direction: 'EGRESS', ruleId, ruleVersion: 1, status: 'APPLIED' },
    { portId: port, direction: 'INGRESS', status: 'FAILED', message: 'It is stuck.' },
  ]);
  await query(
    emOf(services),
    sql`insert into qos_usage (port_id, host, direction, rule_id, packets, at)
      values (${port}, ${host}, 'EGRESS', ${ruleId}, 1, now())`,
  );
  await query(
    emOf(services),
    sql`insert into usage_samples (host, since, at) values (${host}, now(), now())`,
  );
  await setTenantQuota(services, admin, { tenantId: tenant, maxRules: 5 });
  return { tenant, port, host, ruleId };
}

const asAcme = <Row>(text: ReturnType<typeof sql<Row>>) =>
  query(running.services.emFor(member('acme')), text);
const asServer = <Row>(text: ReturnType<typeof sql<Row>>) => query(emOf(running.services), text);

/** Where a row says whose it is. */
const ownersIn = {
  qos_rules: 'tenant_id',
  qos_agent_bindings: 'tenant_id',
  ports: 'tenant_id',
  port_bindings: 'port_id',
  qos_reports: 'port_id',
  qos_usage: 'port_id',
  usage_samples: 'host',
  removal_faults: 'port_id',
  agents: 'host',
  host_feeds: 'host',
  tenant_quotas: 'tenant_id',
} as const;

test.each(Object.entries(ownersIn))(
  'a tenant that asks for all of %s gets its own only',
  async (table, column) => {
    const owners = sql<{
      owner: string;
    }>`select distinct ${sql.ref(column)} as owner from ${sql.table(table)}`;
    const own: string[] = [acme.tenant, acme.port, acme.host, 'shared'];
    const seen = (await asAcme(owners)).map(({ owner }) => owner);
    expect(seen).not.toEqual([]);
    expect(seen.filter((owner) => !own.includes(owner))).toEqual([]);
    const all = (await asServer(owners)).map(({ owner }) => owner);
    expect(all.filter((owner) => !own.includes(owner))).not.toEqual([]);
  },
);

test.each([
  ['audit_log', sql`select * from audit_log`],
  ['revoked_tokens', sql`select * from revoked_tokens`],
  ['what agents say of themselves', sql`select configurations from agents`],
  ['the migrations', sql`select * from mikro_orm_migrations`],
])('a tenant cannot read %s at all', async (_what, statement) => {
  await expect(asAcme(statement)).rejects.toThrow('permission denied');
});

test("a tenant's writes change no foreign row", async () => {
  const { port, host, ruleId } = globex;
  const changed = [
    sql`update qos_rules set max_kbps = 1 where id = ${ruleId} returning id`,
    sql`delete from qos_rules where id = ${ruleId} returning id`,
    sql`update ports set name = 'mine' where id = ${port} returning id`,
    sql`update port_bindings set revision = 0 where port_id = ${port} returning host`,
    sql`update host_feeds set head = head + 1 where host = ${host} returning host`,
    sql`select * from sluice_lock_ports(array[${port}::uuid], false)`,
    sql`select * from sluice_touch_ports(array[${port}::uuid])`,
    sql`select * from sluice_update_rule(${ruleId}, null, null, '{"max_kbps": 1}', 'nobody', null)`,
    sql`select * from sluice_delete_rule(${ruleId}, null, null, 'nobody', null)`,
  ];
  for (const statement of changed) expect(await asAcme(statement)).toEqual([]);
  const refused = [
    sql`insert into qos_rules (id, tenant_id, port_id, direction, max_kbps)
      values (${randomUUID()}, 'globex', ${port}, 'INGRESS', 1)`,
    // Neither tells whether the port has a rule for the direction, as a unique violation would.
    sql`insert into qos_rules (id, tenant_id, port_id, direction, max_kbps)
      values (${randomUUID()}, 'acme', ${port}, 'EGRESS', 1)`,
    sql`insert into qos_rules (id, tenant_id, port_id, direction, max_kbps)
      values (${randomUUID()}, 'acme', ${port}, 'INGRESS', 1)`,
    sql`insert into qos_rules (id, tenant_id, port_id, direction, max_kbps)
      values (${randomUUID()}, 'acme', ${randomUUID()}, 'INGRESS', 1)`,
    sql`update qos_rules set tenant_id = 'globex' where id = ${acme.ruleId}`,
    sql`update ports set tenant_id = 'globex' where id = ${acme.port}`,
    sql`insert into audit_log (actor, action, object_id, tenant_id) values ('a', 'b', 'c', 'globex')`,
  ];
  for (const statement of refused) {
    await expect(asAcme(statement)).rejects.toThrow('row-level security policy for table');
  }
  const forbidden = [
    sql`insert into ports (id, tenant_id) values (${randomUUID()}, 'acme')`,
    // Nor its own, where it is only to be read.
    sql`update tenant_quotas set max_rules = -1`,
    sql`delete from tenant_quotas`,
    sql`insert into tenant_quotas (tenant_id, max_rules) values ('initech', -1)`,
  ];
  for (const statement of forbidden) {
    await expect(asAcme(statement)).rejects.toThrow('permission denied');
  }
});

test('every table is either bound for tenants or closed to them', async () => {
  const open = await asServer(
    sql<{ table: string }>`
      select c.oid::regclass::text as "table" from pg_class c
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        and c.relname !~ 'mikro_orm'
        and (not c.relrowsecurity
          or not exists (select from pg_policy where polrelid = c.oid and polname = 'server')
          or has_any_column_privilege('sluice_tenant', c.oid, 'select, insert, update')
            and not exists (select from pg_policy where polrelid = c.oid and polname = 'tenant'))`,
  );
  expect(open, 'add policies in its migration, as migration 30 does').toEqual([]);
  const views = await asServer(
    sql<{ view: string }>`
      select c.oid::regclass::text as view from pg_class c
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('v', 'm')
        and not coalesce(c.reloptions @> '{security_invoker=true}', false)`,
  );
  expect(views, 'a view reads with the rights of its owner without security_invoker').toEqual([]);
  const functions = await asServer(
    sql<{ name: string }>`
      select oid::regprocedure::text as name from pg_proc
      where pronamespace = 'public'::regnamespace and prosecdef`,
  );
  expect(functions, 'a function that runs as its owner passes by the policies').toEqual([]);
});

test('one connection serves tenants in turn, and whatever goes wrong between them leaves nothing behind', async () => {
  const orm = await openDatabase({ url: running.url });
  const tenants = Tenants.of(orm, { most: 1 });
  const seen = (tenant: string) =>
    query(
      tenants.em(tenant),
      sql<{ tenant: string; pid: number }>`
        select distinct tenant_id as tenant, pg_backend_pid() as pid from qos_rules`,
    );
  const failures: ((tenant: string) => Promise<unknown>)[] = [
    // A statement of its own that fails, by its text and by its values.
    (tenant) => query(tenants.em(tenant), sql`select 1 / 0`),
    (tenant) => query(tenants.em(tenant), sql`selekt`),
    (tenant) => query(tenants.em(tenant), sql`select ${'x'}::integer`),
    // A transaction that fails, is given up, or sees its connection end.
    (tenant) => tenants.em(tenant).transactional((em) => query(em, sql`select 1 / 0`)),
    (tenant) =>
      tenants.em(tenant).transactional(async (em) => {
        await query(em, sql`update qos_rules set description = 'never'`);
        throw new Error('given up');
      }),
    (tenant) =>
      tenants
        .em(tenant)
        .transactional((em) => query(em, sql`select pg_terminate_backend(pg_backend_pid())`)),
    // A tenant that PostgreSQL cannot bind to.
    () => query(tenants.em('nul\u0000'), sql`select 1`),
  ];
  const pids = new Set<number>();
  try {
    for (const fail of failures) {
      for (const [first, next] of [
        ['acme', 'globex'],
        ['globex', 'acme'],
      ] as const) {
        await expect(fail(first)).rejects.toThrow();
        for (const tenant of [next, first]) {
          const rows = await seen(tenant);
          expect(rows).toMatchObject([{ tenant }]);
          pids.add(rows[0]!.pid);
        }
      }
    }
    const asked = Array.from({ length: 200 }, (_, index) => (index % 3 ? 'acme' : 'globex'));
    expect(await Promise.all(asked.map(async (tenant) => (await seen(tenant))[0]?.tenant))).toEqual(
      asked,
    );
  } finally {
    await tenants.close();
    await orm.close(true);
  }
});

test('what is bound goes with forks and transactions, and nothing gets by it', async () => {
  const em = running.services.emFor(member('acme'));
  const tenantsIn = (on: typeof em) =>
    query(on, sql<{ t: string }>`select tenant_id as t from qos_rules`);
  expect(await tenantsIn(em.fork())).toEqual([{ t: 'acme' }]);
  await em.transactional(async (transaction) => {
    await query(transaction, sql`savepoint here`);
    await query(transaction, sql`rollback to savepoint here`);
    expect(await tenantsIn(transaction)).toEqual([{ t: 'acme' }]);
    expect(await tenantsIn(transaction.fork())).toEqual([{ t: 'acme' }]);
  });
  expect(() => em.getConnection()).toThrow('on its entity manager');
  expect(() => running.services.emFor({ role: 'member', subject: 's', tenantId: '' })).toThrow(
    'A tenant must have a name.',
  );
});

test("a tenant's statements run as its role, with what that role may and no more", async () => {
  const [row] = await asAcme(
    sql<{ role: string; tenant: string }>`
      select current_user as role, current_setting('sluice.tenant') as tenant`,
  );
  expect(row).toEqual({ role: 'sluice_tenant', tenant: 'acme' });
});
