import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DesiredState } from '../../agent/desired.ts';
import {
  BindPortDocument,
  CreateQosRuleDocument,
  UpdateQosRuleDocument,
} from '../../schema/generated/graphql.ts';
import { eventually } from '../support/eventually.ts';
import { holdLock } from '../support/holdLock.ts';
import { createDatabase, type TestDatabase } from '../support/postgres.ts';
import { openSocket, startServer, type TestServer } from '../support/server.ts';
import { switchlessAgent } from '../support/switchlessAgent.ts';

let database: TestDatabase;
let staying: TestServer;
let admin: string;
beforeAll(async () => {
  database = await createDatabase();
  staying = await startServer({ databaseUrl: database.url });
  admin = await staying.token({ role: 'admin' });
});
afterAll(async () => {
  await staying?.stop();
  await database?.dispose();
});

interface Agent extends AsyncDisposable {
  readonly host: string;
  readonly ruleId: string;
  readonly portId: string;
  desired: DesiredState | null;
  connections: number;
}

/** An agent that knows the servers in this order, and a rule on its host. */
async function startAgent(servers: readonly TestServer[]): Promise<Agent> {
  const [host, portId] = [`h-${randomUUID()}`, randomUUID()];
  await staying.execute(admin, BindPortDocument, { input: { portId, host, tenantId: 'acme' } });
  const { data } = await staying.execute(admin, CreateQosRuleDocument, {
    input: { portId, tenantId: 'acme', direction: 'EGRESS', maxKbps: 1 },
  });
  const stop = new AbortController();
  const agent: Agent = {
    host,
    portId,
    ruleId: data?.createQosRule.qosRule.id ?? '',
    desired: null,
    connections: 0,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
  const running = switchlessAgent({
    host,
    servers: servers.map(({ url }) => `${url}/graphql`),
    token: await staying.token({ role: 'agent', host }),
    onStep: (desired) => {
      agent.desired = desired;
    },
    onConnected: (connected) => {
      if (connected) agent.connections += 1;
    },
  }).run(stop.signal);
  await hears(agent, 1);
  return agent;
}

const hears = (agent: Agent, maxKbps: number) =>
  eventually(() => expect(agent.desired?.ports.get(agent.portId)?.egress?.maxKbps).toBe(maxKbps), {
    timeoutMs: 20_000,
    intervalMs: 2,
  });

describe('a server that is told to stop', () => {
  test('sends its agents to another one, and no change of a rule waits for a second', async () => {
    const leaving = await startServer({ databaseUrl: database.url, drainMs: 500 });
    await using moving = await startAgent([leaving, staying]);
    await using other = await startAgent([staying, leaving]);
    let stopped = false;
    const waits: number[] = [];
    const change = async (agent: Agent, maxKbps: number) => {
      const sentAt = performance.now();
      const input = { id: agent.ruleId, maxKbps };
      await staying.execute(admin, UpdateQosRuleDocument, { input });
      await hears(agent, maxKbps);
      waits.push(performance.now() - sentAt);
    };

    const stopping = leaving.stop().then(() => {
      stopped = true;
    });
    for (let maxKbps = 2; !stopped || maxKbps < 20; maxKbps += 1) {
      await Promise.all([change(moving, maxKbps), change(other, maxKbps)]);
    }
    await stopping;

    expect(Math.max(...waits)).toBeLessThan(1_000);
    expect(staying.services.switchboard.feeds.has(moving.host)).toBe(true);
    expect([moving.connections, other.connections]).toEqual([2, 1]);
  });

  test('says so to who asks whether it is ready, takes no sockets, and finishes what it was asked', async () => {
    const leaving = await startServer({ databaseUrl: database.url, drainMs: 1_000 });
    await using agent = await startAgent([staying]);
    const watcher = await openSocket(leaving, { authorization: `Bearer ${admin}` });
    const held = await holdLock(database.url, 'select 1 from ports where id = $1 for update', [
      agent.portId,
    ]);
    const answer = leaving.execute(admin, UpdateQosRuleDocument, {
      input: { id: agent.ruleId, maxKbps: 77 },
    });
    await held.waitedForBy(1);

    const stopping = leaving.stop();
    const ready = await fetch(`${leaving.url}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ ready: false, stopping: true, database: 'ok' });
    await expect(openSocket(leaving)).rejects.toThrow(/503/);
    expect(await watcher.closed).toEqual({ code: 1012, reason: 'Service restart' });
    await eventually(() => expect(fetch(`${leaving.url}/readyz`)).rejects.toThrow(), {
      timeoutMs: 10_000,
    });
    await held.release();

    expect(await answer).toMatchObject({ status: 200, data: expect.anything() });
    await stopping;
    await hears(agent, 77);
  });
});
