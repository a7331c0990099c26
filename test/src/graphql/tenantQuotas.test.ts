import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bindPort } from '../../../src/services/ports.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { admin } from '../../support/services.ts';

let server: TestServer;
const tokens = { admin: '', member: '', reader: '' };
beforeAll(async () => {
  server = await startServer({ settings: { quotaRules: 1 } });
  tokens.admin = await server.token({ role: 'admin' });
  tokens.member = await server.token({ role: 'member', tenant: 'acme' });
  tokens.reader = await server.token({ role: 'reader', tenant: 'acme' });
});
afterAll(() => server.stop());

const run = (as: keyof typeof tokens, text: string) =>
  server.execute<Record<string, unknown>, unknown>(tokens[as], text);
const set = (tenantId: string, maxRules: number) =>
  run(
    'admin',
    `mutation { setTenantQuota(input: { tenantId: "${tenantId}", maxRules: ${maxRules} }) { tenantQuota { tenantId } } }`,
  );
const fields = 'tenantId maxRules usedRules isDefault';

test('a quota is its own for a member or reader, any for an administrator, and NOT_FOUND otherwise', async () => {
  const own = { tenantId: 'acme', maxRules: 1, usedRules: 0, isDefault: true };
  for (const as of ['member', 'reader'] as const) {
    for (const args of ['', '(tenantId: "acme")']) {
      expect(await run(as, `{ tenantQuota${args} { ${fields} } }`)).toMatchObject({
        data: { tenantQuota: own },
      });
    }
    // Whether there is such a tenant or not.
    await set('globex', 7);
    for (const tenant of ['globex', 'nobody']) {
      expect(await run(as, `{ tenantQuota(tenantId: "${tenant}") { ${fields} } }`)).toMatchObject({
        errors: [
          {
            message: `There is no tenant ${tenant}.`,
            extensions: { code: 'NOT_FOUND', field: 'tenantId' },
          },
        ],
      });
    }
  }
  expect(await run('admin', `{ tenantQuota(tenantId: "globex") { ${fields} } }`)).toMatchObject({
    data: { tenantQuota: { tenantId: 'globex', maxRules: 7, usedRules: 0, isDefault: false } },
  });
});

test('one rule too many is LIMIT_EXCEEDED, in an answer that asks for no other try', async () => {
  const ports = [randomUUID(), randomUUID()];
  for (const portId of ports) {
    await bindPort(server.services, admin, { portId, host: 'h', tenantId: 'acme' });
  }
  const create = (portId: string) =>
    run(
      'member',
      `mutation { createQosRule(input: { portId: "${portId}", maxKbps: 5 }) { qosRule { id } } }`,
    );
  expect((await create(ports[0]!)).errors).toBeUndefined();
  const refused = await create(ports[1]!);
  expect(refused).toMatchObject({ status: 200, errors: [{ path: ['createQosRule'] }] });
  expect(refused.errors?.[0]?.extensions).toEqual({ code: 'LIMIT_EXCEEDED' });
});

test("the list has what was set, by tenant, with each one's use", async () => {
  for (const [tenantId, maxRules] of [
    ['acme', 3],
    ['zeta', -1],
  ] as const) {
    await set(tenantId, maxRules);
  }
  const first = await run(
    'admin',
    `{ tenantQuotas(first: 2) { nodes { ${fields} } totalCount pageInfo { endCursor hasNextPage } } }`,
  );
  expect(first).toMatchObject({
    data: {
      tenantQuotas: {
        nodes: [
          { tenantId: 'acme', maxRules: 3, usedRules: 1, isDefault: false },
          { tenantId: 'globex', maxRules: 7, usedRules: 0, isDefault: false },
        ],
        ...{ totalCount: 3, pageInfo: { hasNextPage: true } },
      },
    },
  });
  const { endCursor } = (first.data!.tenantQuotas as { pageInfo: { endCursor: string } }).pageInfo;
  expect(
    await run('admin', `{ tenantQuotas(after: "${endCursor}") { nodes { tenantId } } }`),
  ).toMatchObject({
    data: { tenantQuotas: { nodes: [{ tenantId: 'zeta' }] } },
  });
});
