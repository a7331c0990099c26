import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { query } from '../../../src/db/query.ts';
import { compactAuditLog } from '../../../src/services/auditLog.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { emOf } from '../../support/services.ts';

let server: TestServer;
let admin: string;
let member: string;

beforeAll(async () => {
  server = await startServer({ limits: { trustedFor: 'nobody' } });
  admin = await server.token({ role: 'admin' });
  member = await server.token({ role: 'member', tenant: 'acme' });
});
afterAll(() => server.stop());

interface Entry {
  readonly id: string;
  readonly at: string;
  readonly actor: string;
  readonly address: string | null;
  readonly action: string;
  readonly objectId: string;
  readonly tenantId: string | null;
  readonly before: Record<string, unknown> | null;
  readonly after: Record<string, unknown> | null;
}

async function run<Data>(token: string, text: string): Promise<Data> {
  const { data, errors } = await server.execute<Data, unknown>(token, text);
  if (!data) throw new Error(JSON.stringify(errors));
  return data;
}

/** Oldest first. */
async function entries(filter: string): Promise<Entry[]> {
  const { auditLog } = await run<{ auditLog: { nodes: Entry[] } }>(
    admin,
    `{ auditLog(filter: { ${filter} }) { nodes { id at actor address action objectId tenantId before after } } }`,
  );
  return auditLog.nodes.reverse();
}

const makeRule = async (tenantId: string): Promise<string> => {
  const { createQosRule } = await run<{ createQosRule: { qosRule: { id: string } } }>(
    admin,
    `mutation { createQosRule(input: { portId: "${randomUUID()}", tenantId: "${tenantId}", maxKbps: 1000 }) { qosRule { id } } }`,
  );
  return createQosRule.qosRule.id;
};

test('each change of a rule says who, from where, what it was and what it became, by whatever path it came', async () => {
  const id = await makeRule('acme');
  await run(
    member,
    `mutation { updateQosRule(input: { id: "${id}", maxKbps: 2000 }) { qosRule { id } } }`,
  );
  const client = server.connect(member);
  for await (const { errors } of client.iterate({
    query: `mutation { deleteQosRule(input: { id: "${id}" }) { deletedId } }`,
  })) {
    expect(errors).toBeUndefined();
  }

  const log = await entries(`objectId: ["${id}"]`);

  expect(log.map(({ action }) => action)).toEqual([
    ...['qosRule.created', 'qosRule.updated', 'qosRule.deleted'],
  ]);
  const address = '127.0.0.1';
  const tenantId = 'acme';
  const [created, updated, deleted] = log;
  expect(created).toMatchObject({
    actor: /^admin /.exec(created!.actor)?.input,
    address,
    tenantId,
  });
  expect(created).toMatchObject({ before: null, after: { maxKbps: 1000, version: 1 } });
  expect(updated!.actor).toMatch(/^member [0-9a-f-]{36}$/);
  expect(updated).toMatchObject({ address, before: { maxKbps: 1000 }, after: { maxKbps: 2000 } });
  expect(deleted).toMatchObject({ address, before: { maxKbps: 2000, version: 2 }, after: null });
});

test('so do the changes of ports, agents and many rules at once', async () => {
  const portId = randomUUID();
  const agent = await server.token({ role: 'agent', host: 'h1' });
  const beat = await run<{ agentHeartbeat: { agent: { id: string } } }>(
    agent,
    'mutation { agentHeartbeat(input: { host: "h1", binary: "b", agentType: "t" }) { agent { id } } }',
  );
  const agentId = beat.agentHeartbeat.agent.id;
  await run(
    admin,
    `mutation {
      bindPort(input: { portId: "${portId}", host: "h1", tenantId: "acme" }) { port { id } }
      applyQosRules(input: { rules: [{ portId: "${portId}", maxKbps: 5 }] }) { created }
      unbindPort(input: { portId: "${portId}", host: "h1" }) { port { id } }
      updateAgent(input: { id: "${agentId}", adminStateUp: false }) { agent { id } }
    }`,
  );

  expect(await entries(`objectId: ["${portId}", "${agentId}"]`)).toMatchObject([
    { action: 'port.bound', tenantId: 'acme', before: null, after: { host: 'h1', bound: true } },
    { action: 'port.unbound', before: { bound: true }, after: { removed: true } },
    { action: 'agent.updated', before: { adminStateUp: true }, after: { adminStateUp: false } },
  ]);
  const applied = await entries('action: ["qosRule.created"], tenantId: ["acme"]');
  expect(applied.at(-1)).toMatchObject({ address: '127.0.0.1', after: { portId, maxKbps: 5 } });
});

test('is read by pages, by actor, tenant and time, newest first', async () => {
  await makeRule('paged');
  await makeRule('paged');
  const [first, second] = await entries('tenantId: ["paged"]');
  const page = (args: string) =>
    run<{ auditLog: { totalCount: number; nodes: Entry[]; pageInfo: { endCursor: string } } }>(
      admin,
      `{ auditLog(${args}, filter: { tenantId: ["paged"] }) { totalCount nodes { id } pageInfo { endCursor hasNextPage } } }`,
    );

  const newest = (await page('first: 1')).auditLog;
  expect(newest).toMatchObject({
    totalCount: 2,
    nodes: [{ id: second!.id }],
    pageInfo: { hasNextPage: true },
  });
  const next = (await page(`first: 1, after: "${newest.pageInfo.endCursor}"`)).auditLog;
  expect(next).toMatchObject({ nodes: [{ id: first!.id }], pageInfo: { hasNextPage: false } });

  expect(await entries(`actor: ["${first!.actor}"], tenantId: ["paged"]`)).toHaveLength(2);
  expect(await entries('actor: ["admin nobody"]')).toEqual([]);
  expect(await entries(`tenantId: ["paged"], since: "${first!.at}"`)).toHaveLength(2);
  expect(await entries(`tenantId: ["paged"], until: "${first!.at}"`)).toEqual([]);
  const { errors } = await server.execute(
    admin,
    '{ auditLog(filter: { since: "soon" }) { totalCount } }',
  );
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'filter.since' } }]);
});

test.each(['member', 'reader', 'agent'] as const)('is nothing for a %s', async (role) => {
  const claims = role === 'agent' ? { role, host: 'h1' } : { role, tenant: 'acme' };
  const { data, errors } = await server.execute(
    await server.token(claims),
    '{ auditLog { nodes { id } } }',
  );
  expect(data ?? null).toBeNull();
  expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
});

test('keeps an entry as long as it is told to, and no longer', async () => {
  const id = await makeRule('kept');
  const em = emOf(server.services);
  await query(
    em,
    sql`update audit_log set at = now() - interval '10 days' where object_id = ${id}`,
  );

  await compactAuditLog(server.services, 11);
  expect(await entries(`objectId: ["${id}"]`)).toHaveLength(1);

  expect(await compactAuditLog(server.services, 9)).toBe(1);
  expect(await entries(`objectId: ["${id}"]`)).toEqual([]);
  expect(await entries('tenantId: ["paged"]')).toHaveLength(2);
});
