import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, startServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
let admin: string;
let member: string;
let reader: string;
let agent: string;
/** A rule of each tenant, its port bound to compute-1; both have an agent there. */
const acme = { portId: randomUUID(), ruleId: '' };
const globex = { portId: randomUUID(), ruleId: '' };
let agentId: string;
let otherAgentId: string;

const run = <Data = Record<string, never>>(token: string | null, text: string) =>
  server.execute<Data, unknown>(token, text);
const codeOf = ({ errors }: Answer<unknown>) => errors?.map(({ extensions }) => extensions.code);

beforeAll(async () => {
  // Field by field: what an agent may send at all is another test.
  server = await startServer({ limits: { trustedFor: 'nobody' } });
  admin = await server.token({ role: 'admin' });
  member = await server.token({ role: 'member', tenant: 'acme' });
  reader = await server.token({ role: 'reader', tenant: 'acme' });
  agent = await server.token({ role: 'agent', host: 'compute-1' });
  for (const [tenant, made] of [
    ['acme', acme],
    ['globex', globex],
  ] as const) {
    const host = tenant === 'acme' ? 'compute-1' : 'compute-2';
    const { data } = await run<{ createQosRule: { qosRule: { id: string } } }>(
      admin,
      `mutation {
        bindPort(input: { portId: "${made.portId}", host: "${host}", tenantId: "${tenant}" }) { port { id } }
        createQosRule(input: { portId: "${made.portId}", maxKbps: 1000 }) { qosRule { id } }
      }`,
    );
    made.ruleId = data!.createQosRule.qosRule.id;
  }
  const beat = (host: string) =>
    `mutation { agentHeartbeat(input: { host: "${host}", binary: "sluice-agent", agentType: "Open vSwitch agent",
      configurations: { driver: "ovs" } }) { agent { id configurations desired } desired intervalMs } }`;
  const { data } = await run<{ agentHeartbeat: { agent: { id: string } } }>(
    agent,
    beat('compute-1'),
  );
  agentId = data!.agentHeartbeat.agent.id;
  expect(data).toMatchObject({
    agentHeartbeat: { agent: { configurations: null, desired: null }, intervalMs: 30_000 },
  });
  const other = await server.token({ role: 'agent', host: 'compute-2' });
  const answer = await run<{ agentHeartbeat: { agent: { id: string } } }>(other, beat('compute-2'));
  otherAgentId = answer.data!.agentHeartbeat.agent.id;
});
afterAll(() => server.stop());

test('nobody gets anything without a credential, not even a hint at the schema', async () => {
  for (const text of [
    '{ extension { name } }',
    '{ __schema { types { name } } }',
    '{ nonsense }',
    '{',
  ]) {
    const answer = await run(null, text);
    expect(answer.status).toBe(401);
    expect(answer).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    expect(answer.data).toBeUndefined();
  }
});

describe('a member', () => {
  test("sees its tenant's rules, ports, bindings and the agents that they concern", async () => {
    const text = `{
      qosRules { totalCount nodes { id tenantId bindings { host agent { host } } } }
      ports { totalCount nodes { id rules { id } } }
      qosAgentBindings { totalCount nodes { ruleId rule { id } host } }
      agents { totalCount nodes { id host configurations desired confirmed
        bindings { totalCount nodes { ruleId } } } }
    }`;
    for (const token of [member, reader]) {
      expect((await run(token, text)).data).toEqual({
        qosRules: {
          totalCount: 1,
          nodes: [
            {
              id: acme.ruleId,
              tenantId: 'acme',
              bindings: [{ host: 'compute-1', agent: { host: 'compute-1' } }],
            },
          ],
        },
        ports: { totalCount: 1, nodes: [{ id: acme.portId, rules: [{ id: acme.ruleId }] }] },
        qosAgentBindings: {
          totalCount: 1,
          nodes: [{ ruleId: acme.ruleId, rule: { id: acme.ruleId }, host: 'compute-1' }],
        },
        agents: {
          totalCount: 1,
          nodes: [
            {
              id: agentId,
              host: 'compute-1',
              configurations: null,
              desired: null,
              confirmed: null,
              bindings: { totalCount: 1, nodes: [{ ruleId: acme.ruleId }] },
            },
          ],
        },
      });
    }
  });

  test("finds nothing of another tenant's, by id or by filter", async () => {
    const { data } = await run(
      member,
      `{ qosRule(id: "${globex.ruleId}") { id } port(id: "${globex.portId}") { id }
        agent(id: "${otherAgentId}") { id }
        qosRules(filter: { tenantId: ["globex"] }) { nodes { id } }
        qosAgentBindings(filter: { qosRuleId: ["${globex.ruleId}"] }) { nodes { ruleId } }
        ports(filter: { host: ["compute-2"] }) { nodes { id } } }`,
    );
    expect(data).toEqual({
      qosRule: null,
      port: null,
      agent: null,
      qosRules: { nodes: [] },
      qosAgentBindings: { nodes: [] },
      ports: { nodes: [] },
    });
  });

  test.each([
    [
      'update',
      () => `updateQosRule(input: { id: "${globex.ruleId}", maxKbps: 1 }) { qosRule { id } }`,
    ],
    ['delete', () => `deleteQosRule(input: { id: "${globex.ruleId}" }) { deletedId }`],
    [
      'make one on the port of',
      () =>
        `createQosRule(input: { portId: "${globex.portId}", direction: INGRESS, maxKbps: 1 }) { qosRule { id } }`,
    ],
    [
      'apply one to the port of',
      () =>
        `applyQosRules(input: { rules: [{ portId: "${globex.portId}", maxKbps: 1 }] }) { created }`,
    ],
  ])("cannot %s another tenant's rule: NOT_FOUND, never FORBIDDEN", async (_what, field) => {
    expect(codeOf(await run(member, `mutation { ${field()} }`))).toEqual(['NOT_FOUND']);
    const { data } = await run(admin, `{ qosRule(id: "${globex.ruleId}") { version maxKbps } }`);
    expect(data).toEqual({ qosRule: { version: 1, maxKbps: 1000 } });
  });

  test('changes its own rule', async () => {
    const text = `mutation { updateQosRule(input: { id: "${acme.ruleId}", description: "ours" }) { qosRule { description } } }`;
    expect((await run(member, text)).data).toEqual({
      updateQosRule: { qosRule: { description: 'ours' } },
    });
  });
});

describe('a role', () => {
  const rule = `createQosRule(input: { portId: "${acme.portId}", direction: INGRESS, maxKbps: 1 }) { qosRule { id } }`;
  const bind = `bindPort(input: { portId: "${acme.portId}", host: "compute-1" }) { port { id } }`;
  const beat = `agentHeartbeat(input: { host: "compute-1", binary: "b", agentType: "t" }) { intervalMs }`;

  test.each([
    [
      'reader',
      () => reader,
      `mutation { ${rule} }`,
      'createQosRule needs the role admin or member',
    ],
    ['agent', () => agent, `mutation { ${rule} }`, 'createQosRule needs the role admin or member'],
    ['member', () => member, `mutation { ${bind} }`, 'bindPort needs the role admin'],
    ['member', () => member, `mutation { ${beat} }`, 'agentHeartbeat needs the role agent'],
    ['admin', () => admin, `mutation { ${beat} }`, 'agentHeartbeat needs the role agent'],
    [
      'agent',
      () => agent,
      '{ qosRules { totalCount } }',
      'qosRules needs the role admin or member or reader',
    ],
    [
      'member',
      () => member,
      '{ hostQos(host: "compute-1") { to } }',
      'hostQos needs the role admin or agent',
    ],
  ])('%s may not do what another may', async (role, token, text, sentence) => {
    expect((await run(token(), text)).errors).toMatchObject([
      { message: `${sentence}; this credential's is ${role}.`, extensions: { code: 'FORBIDDEN' } },
    ]);
  });
});

describe('an agent', () => {
  test.each([
    ['hostQos', '{ hostQos(host: "compute-2") { to } }'],
    [
      'agentHeartbeat',
      'mutation { agentHeartbeat(input: { host: "compute-2", binary: "b", agentType: "t" }) { intervalMs } }',
    ],
    [
      'reportPorts',
      'mutation { reportPorts(input: { host: "compute-2", complete: true, plugged: [] }) { accepted } }',
    ],
    [
      'reportQos',
      'mutation { reportQos(input: { host: "compute-2", to: "x", results: [] }) { accepted } }',
    ],
    [
      'reportUsage',
      'mutation { reportUsage(input: { host: "compute-2", usage: [] }) { accepted } }',
    ],
  ])('reaches no other host by %s', async (_name, text) => {
    expect((await run(agent, text)).errors).toMatchObject([
      {
        message: 'This credential is for host compute-1, not compute-2.',
        extensions: { code: 'FORBIDDEN', field: 'host' },
      },
    ]);
  });

  test('reads what its own host must enforce, as an administrator does', async () => {
    const text =
      '{ hostQos(host: "compute-1") { from more adminStateUp ports { portId egress { ruleId maxKbps } ingress { ruleId } } } }';
    for (const token of [agent, admin]) {
      expect((await run(token, text)).data).toEqual({
        hostQos: {
          from: null,
          more: false,
          adminStateUp: true,
          ports: [
            { portId: acme.portId, egress: { ruleId: acme.ruleId, maxKbps: 1000 }, ingress: null },
          ],
        },
      });
    }
  });
});

test('a binding reads the same under its rule, its agent and in the list', async () => {
  const binding = `portId direction host ruleId rule { id version } agent { id } status stale message
    programmed { mechanism } requestedAt appliedAt`;
  const { data } = await run<Record<string, never>>(
    admin,
    `{
      rule: qosRule(id: "${acme.ruleId}") { bindings { ${binding} } }
      agent(host: "compute-1") { bindings(first: 1) { nodes { ${binding} } pageInfo { hasNextPage } } }
      list: qosAgentBindings(filter: { qosRuleId: ["${acme.ruleId}"] }) { nodes { ${binding} } }
    }`,
  );
  const [first] = (data as unknown as { list: { nodes: object[] } }).list.nodes;
  expect(first).toMatchObject({ status: 'PENDING', stale: false, agent: { id: agentId } });
  expect(data).toEqual({
    rule: { bindings: [first] },
    agent: { bindings: { nodes: [first], pageInfo: { hasNextPage: false } } },
    list: { nodes: [first] },
  });
});

test('an administrator sees the agents whole, and names one by its id or its host', async () => {
  const text = `{ agent(host: "compute-1") { id configurations alive connected adminStateUp desired } }`;
  expect((await run(admin, text)).data).toMatchObject({
    agent: { id: agentId, configurations: { driver: 'ovs' }, alive: true, connected: false },
  });
  for (const args of ['', `(id: "${agentId}", host: "compute-1")`]) {
    expect((await run(admin, `{ agent${args} { id } }`)).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', field: 'id' } },
    ]);
  }
});

test('what a rule may say is told to anyone, driver by driver', async () => {
  const { data } = await run(
    agent,
    '{ extension { alias updated drivers { driver fields { field directions minimum maximum values } } } }',
  );
  expect(data).toMatchObject({
    extension: {
      alias: 'qos',
      updated: '2026-11-22T00:00:00.000Z',
      drivers: [
        {
          driver: 'ovs',
          fields: expect.arrayContaining([
            {
              field: 'maxKbps',
              directions: ['EGRESS', 'INGRESS'],
              minimum: 1,
              maximum: 2_147_483_647,
              values: null,
            },
            expect.objectContaining({ field: 'dscpMark', minimum: null, directions: ['EGRESS'] }),
          ]),
        },
        { driver: 'noop', fields: [] },
      ],
    },
  });
});
