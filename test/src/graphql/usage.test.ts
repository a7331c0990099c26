import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  BindPortDocument,
  CreateQosRuleDocument,
  QosUsageDocument,
  ReportUsageDocument,
} from '../../../schema/generated/graphql.ts';
import { startServer, type TestServer } from '../../support/server.ts';

const host = 'compute-1';
let server: TestServer;
let admin: string;
let agent: string;
let portId: string;
let ruleId: string;

beforeAll(async () => {
  server = await startServer();
  admin = await server.token({ role: 'admin' });
  agent = await server.token({ role: 'agent', host });
  portId = randomUUID();
  await server.execute(admin, BindPortDocument, { input: { portId, host, tenantId: 'acme' } });
  const input = { portId, direction: 'INGRESS' as const, maxKbps: 1_000 };
  const { data } = await server.execute(admin, CreateQosRuleDocument, { input });
  ruleId = data!.createQosRule.qosRule.id;
});
afterAll(() => server.stop());

const usageRead = async (token: string) =>
  (await server.execute(token, QosUsageDocument, { filter: { qosRuleId: [ruleId] } })).data
    ?.qosAgentBindings.nodes;
const report = (counts: Record<string, unknown>) =>
  server.execute(agent, ReportUsageDocument, {
    input: { host, usage: [{ portId, direction: 'INGRESS', ruleId, packets: '1', ...counts }] },
  });

test('a binding says what passed and what was dropped, exactly, once its agent has said so', async () => {
  expect(await usageRead(admin)).toMatchObject([{ portId, host, usage: null }]);
  const counts = { bytes: '9223372036854775807', packets: '9007199254740993' };

  const { data } = await report({ ...counts, countedMs: '90000' });

  expect(data).toEqual({ reportUsage: { accepted: 1, since: expect.any(String) } });
  const tenant = await server.token({ role: 'reader', tenant: 'acme' });
  for (const token of [admin, tenant]) {
    const [binding] = (await usageRead(token)) ?? [];
    expect(binding?.usage).toMatchObject({ ...counts, droppedBytes: null, droppedPackets: null });
    expect(Date.parse(binding!.usage!.at) - Date.parse(binding!.usage!.since!)).toBe(90_000);
  }
  const stranger = await server.token({ role: 'reader', tenant: 'globex' });
  expect(await usageRead(stranger)).toEqual([]);
});

test('what has not moved is said in one word, for the sample that the server gave a name', async () => {
  const { data } = await report({ packets: '7' });
  const since = data!.reportUsage.since;
  const [before] = (await usageRead(admin)) ?? [];
  const unmoved = async (unmovedSince: string | null) =>
    (await server.execute(agent, ReportUsageDocument, { input: { host, usage: [], unmovedSince } }))
      .data;

  expect(await unmoved(since)).toEqual({ reportUsage: { accepted: 0, since } });
  const [after] = (await usageRead(admin)) ?? [];
  expect(after?.usage?.packets).toBe('7');
  expect(Date.parse(after!.usage!.at)).toBeGreaterThan(Date.parse(before!.usage!.at));

  expect(await unmoved('2001-01-01T00:00:00Z')).toEqual({
    reportUsage: { accepted: 0, since: null },
  });
});

test.each([[-1], [1.5], ['-1'], ['1e3'], ['9223372036854775808'], [''], [2 ** 53], [true]])(
  'a count of %j is refused, with its field and what it may be',
  async (packets) => {
    const { errors } = await report({ packets });
    expect(errors).toMatchObject([
      {
        message: expect.stringMatching(
          /^packets must be a whole number from 0 to 9223372036854775807/,
        ),
        extensions: { code: 'BAD_USER_INPUT', field: 'usage[0].packets' },
      },
    ]);
  },
);

test('a report of more than 500 entries is refused whole', async () => {
  const usage = Array.from({ length: 501 }, () => ({
    portId: randomUUID(),
    direction: 'EGRESS' as const,
    ruleId,
    packets: '1',
  }));
  const { errors } = await server.execute(agent, ReportUsageDocument, { input: { host, usage } });
  expect(errors).toMatchObject([
    {
      message: 'usage must have at most 500 entries, not 501.',
      extensions: { code: 'BAD_USER_INPUT', field: 'usage' },
    },
  ]);
});
