import { randomUUID } from 'node:crypto';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import type { Client } from 'graphql-ws';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  AgentHeartbeatDocument,
  CreateQosRuleDocument,
  HostQosChangesDocument,
  UpdateAgentDocument,
  UpdateQosRuleDocument,
} from '../../../schema/generated/graphql.ts';
import { query } from '../../../src/db/query.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { emOf } from '../../support/services.ts';

let server: TestServer;
let admin: string;

beforeAll(async () => {
  server = await startServer();
  admin = await server.token({ role: 'admin' });
});
afterAll(() => server.stop());

const follow = <Data, Variables extends Record<string, unknown>>(
  client: Client,
  document: TypedDocumentNode<Data, Variables> | string,
  variables?: Variables,
) =>
  client.iterate<NonNullable<Data>>({
    query: typeof document === 'string' ? document : print(document),
    variables: variables ?? null,
  });

async function next<Data>(
  events: AsyncIterableIterator<{ data?: Data | null; errors?: unknown }>,
): Promise<NonNullable<Data>> {
  const { value, done } = await events.next();
  expect(done).toBeFalsy();
  expect(value.errors).toBeUndefined();
  return value.data;
}

const createRule = async (
  portId: string,
  fields: object = { maxKbps: 1000 },
  tenantId = 'acme',
) => {
  const input = { portId, tenantId, ...fields } as never;
  const { data, errors } = await server.execute(admin, CreateQosRuleDocument, { input });
  expect(errors).toBeUndefined();
  return data!.createQosRule.qosRule;
};

const bind = (portId: string, host: string) =>
  server.execute(
    admin,
    `mutation { bindPort(input: { portId: "${portId}", host: "${host}" }) { port { id } } }`,
  );

describe("a host's feed", () => {
  test('gives the whole state, then each change as it commits, and resumes after a cursor', async () => {
    const host = `compute-${randomUUID()}`;
    const agent = await server.token({ role: 'agent', host });
    const client = server.connect(agent);
    const feed = follow(client, HostQosChangesDocument, { host });
    const first = (await next(feed)).hostQosChanges;
    expect(first).toMatchObject({ from: null, more: false, adminStateUp: true, ports: [] });

    const portId = randomUUID();
    await bind(portId, host);
    const bound = (await next(feed)).hostQosChanges;
    expect(bound).toMatchObject({
      from: first.to,
      ports: [{ portId, egress: null, ingress: null }],
    });

    const rule = await createRule(portId);
    const created = (await next(feed)).hostQosChanges;
    expect(created).toMatchObject({
      from: bound.to,
      ports: [
        { portId, egress: { ruleId: rule.id, ruleVersion: 1, maxKbps: 1000 }, ingress: null },
      ],
    });

    await feed.return?.();
    const update = { input: { id: rule.id, maxKbps: 2000 } };
    await server.execute(admin, UpdateQosRuleDocument, update);
    const resumed = follow(client, HostQosChangesDocument, { host, since: created.to });
    expect((await next(resumed)).hostQosChanges).toMatchObject({
      from: created.to,
      ports: [{ portId, egress: { ruleVersion: 2, maxKbps: 2000 } }],
    });
  });

  test('opened by its own agent says connected, and no more once the socket is gone', async () => {
    const host = `compute-${randomUUID()}`;
    const agent = await server.token({ role: 'agent', host });
    await server.execute(agent, AgentHeartbeatDocument, {
      input: { host, binary: 'sluice-agent', agentType: 'Open vSwitch agent' },
    });
    const isConnected = async () => {
      const { data } = await server.execute<{ agent: { connected: boolean } }, unknown>(
        admin,
        `{ agent(host: "${host}") { connected } }`,
      );
      return data?.agent.connected;
    };
    const client = server.connect(agent);
    await next(follow(client, HostQosChangesDocument, { host }));
    await expect.poll(isConnected).toBe(true);
    client.terminate();
    await expect.poll(isConnected).toBe(false);
    expect(server.services.switchboard.feeds.has(host)).toBe(false);
  });

  test('is for its own agent and administrators', async () => {
    const host = 'compute-of-another';
    const agent = server.connect(await server.token({ role: 'agent', host: 'compute-own' }));
    const member = server.connect(await server.token({ role: 'member', tenant: 'acme' }));
    const refusal = { errors: [{ extensions: { code: 'FORBIDDEN' } }] };
    expect(await follow(member, HostQosChangesDocument, { host }).next()).toMatchObject({
      value: refusal,
    });
    await expect(follow(agent, HostQosChangesDocument, { host }).next()).rejects.toEqual([
      {
        message: 'This credential is for host compute-own, not compute-of-another.',
        extensions: { code: 'FORBIDDEN', field: 'host' },
      },
    ]);
    const own = server.connect(admin);
    expect(
      (await next(follow(own, HostQosChangesDocument, { host }))).hostQosChanges.from,
    ).toBeNull();
  });

  test('tells the administrative state', async () => {
    const host = `compute-${randomUUID()}`;
    const agent = await server.token({ role: 'agent', host });
    await server.execute(agent, AgentHeartbeatDocument, {
      input: { host, binary: 'sluice-agent', agentType: 'Open vSwitch agent' },
    });
    const { data } = await server.execute<{ agent: { id: string } }, unknown>(
      admin,
      `{ agent(host: "${host}") { id } }`,
    );
    const feed = follow(server.connect(agent), HostQosChangesDocument, { host });
    await next(feed);
    const down = { input: { id: data!.agent.id, adminStateUp: false } };
    expect((await server.execute(admin, UpdateAgentDocument, down)).data).toMatchObject({
      updateAgent: { agent: { adminStateUp: false } },
    });
    expect((await next(feed)).hostQosChanges).toMatchObject({ adminStateUp: false, ports: [] });
  });
});

describe('events', () => {
  const ruleEvents = `subscription {
    qosRuleEvents(filter: { direction: EGRESS }) { type qosRuleId qosRule { maxKbps bindings { host status } } }
  }`;
  interface RuleEvents {
    readonly qosRuleEvents: {
      readonly type: string;
      readonly qosRuleId: string;
      readonly qosRule: { readonly maxKbps: number; readonly bindings: unknown[] } | null;
    };
  }

  /** What a member of the tenant is told, once it listens. */
  async function toldTo(tenant: string) {
    const client = server.connect(await server.token({ role: 'member', tenant }));
    const events = follow<RuleEvents, never>(client, ruleEvents);
    const seen: RuleEvents['qosRuleEvents'][] = [];
    const collect = (async () => {
      for await (const { data } of events) if (data) seen.push(data.qosRuleEvents);
    })();
    // Nothing says when a subscription has begun to listen, but its first event.
    await expect
      .poll(async () => (await createRule(randomUUID(), { maxKbps: 1 }, tenant)) && seen.length)
      .toBeGreaterThan(0);
    const stop = async () => {
      await events.return?.();
      await collect;
    };
    return { seen, [Symbol.asyncDispose]: stop };
  }

  test('of rules reach those who may see them, each read anew', async () => {
    const host = `compute-${randomUUID()}`;
    const portId = randomUUID();
    await using told = await toldTo('acme');
    const { seen } = told;
    await createRule(randomUUID(), { maxKbps: 7 }, 'globex');
    const rule = await createRule(portId);
    const arrived = () => seen.filter(({ qosRuleId }) => qosRuleId === rule.id);
    await expect.poll(() => arrived().length).toBe(1);
    await bind(portId, host);
    await server.execute(admin, UpdateQosRuleDocument, { input: { id: rule.id, maxKbps: 2000 } });
    await expect.poll(() => arrived().length).toBe(2);
    await server.execute(
      admin,
      `mutation { deleteQosRule(input: { id: "${rule.id}" }) { deletedId } }`,
    );
    await expect.poll(() => arrived().length).toBe(3);
    expect(arrived()).toEqual([
      { type: 'CREATED', qosRuleId: rule.id, qosRule: { maxKbps: 1000, bindings: [] } },
      {
        type: 'UPDATED',
        qosRuleId: rule.id,
        qosRule: { maxKbps: 2000, bindings: [{ host, status: 'NO_AGENT' }] },
      },
      { type: 'DELETED', qosRuleId: rule.id, qosRule: null },
    ]);
    expect(seen.map(({ qosRule }) => qosRule?.maxKbps)).not.toContain(7);
  });

  test("of other tenants' rules are not heard, and make nobody reload however many", async () => {
    await using acme = await toldTo('acme');
    const rules = Array.from({ length: 300 }, () => ({ portId: randomUUID(), maxKbps: 7 }));
    const answer = await server.execute(
      admin,
      'mutation ($input: ApplyQosRulesInput!) { applyQosRules(input: $input) { created } }',
      { input: { tenantId: 'globex', rules } },
    );
    expect(answer.data).toEqual({ applyQosRules: { created: 300 } });
    const own = await createRule(randomUUID());
    await expect.poll(() => acme.seen.at(-1)?.qosRuleId).toBe(own.id);
    expect(new Set(acme.seen.map(({ type }) => type))).toEqual(new Set(['CREATED']));
  });

  test('of a rule whose port has another tenant now reach that one alone', async () => {
    const { id, portId } = await createRule(randomUUID());
    await using acme = await toldTo('acme');
    await using globex = await toldTo('globex');
    // No operation does this: an administrator of the database may.
    const em = emOf(server.services);
    await query(em, sql`update ports set tenant_id = 'globex' where id = ${portId}`);
    await query(em, sql`update qos_rules set tenant_id = 'globex' where id = ${id}`);
    await server.execute(admin, UpdateQosRuleDocument, { input: { id, maxKbps: 2000 } });
    const own = await createRule(randomUUID());
    await expect.poll(() => acme.seen.at(-1)?.qosRuleId).toBe(own.id);
    expect(acme.seen.map(({ qosRuleId }) => qosRuleId)).not.toContain(id);
    await expect
      .poll(() => globex.seen.find(({ qosRuleId }) => qosRuleId === id))
      .toMatchObject({ type: 'UPDATED', qosRule: { maxKbps: 2000 } });
  });

  test('of agents say that one came', async () => {
    const host = `compute-${randomUUID()}`;
    const events = follow<{ agentEvents: { type: string; agent: { host: string } | null } }, never>(
      server.connect(admin),
      'subscription { agentEvents { type agent { host alive } } }',
    );
    const arrived: unknown[] = [];
    const collect = (async () => {
      for await (const { data } of events) {
        if (data?.agentEvents.agent?.host === host) arrived.push(data.agentEvents);
      }
    })();
    const agent = await server.token({ role: 'agent', host });
    const beat = () =>
      server.execute(agent, AgentHeartbeatDocument, {
        input: { host, binary: 'sluice-agent', agentType: 'Open vSwitch agent', startFlag: true },
      });
    await expect.poll(async () => (await beat()) && arrived.length).toBeGreaterThan(0);
    expect(arrived[0]).toMatchObject({ agent: { host, alive: true } });
    await events.return?.();
    await collect;
  });
});
