import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { query } from '../../../src/db/query.ts';
import type { Actor } from '../../../src/domain/actor.ts';
import { encodeFeedCursor } from '../../../src/domain/feedCursor.ts';
import { type AgentHeartbeatInput, recordHeartbeat } from '../../../src/services/heartbeat.ts';
import { bindPort } from '../../../src/services/ports.ts';
import { createQosRule } from '../../../src/services/qosRules.ts';
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

const hosts = (count: number) => Array.from({ length: count }, () => `h-${randomUUID()}`);
const beat = (host: string, more: Partial<AgentHeartbeatInput> = {}) => {
  const actor: Actor = { role: 'agent', subject: host, host };
  const input = { host, binary: 'sluice-agent', agentType: 'Open vSwitch agent', startFlag: false };
  return recordHeartbeat(running.services, actor, { ...input, ...more });
};
interface AgentRow {
  readonly configurations: object | null;
  readonly started: boolean;
  readonly confirmed: string;
  readonly head: string;
  readonly transaction: string;
}
const agentRow = async (host: string) => {
  const [row] = await query(
    running.services.emFor(admin),
    sql<AgentRow>`select a.configurations, a.started_at = a.heartbeat_at as started,
        a.confirmed_revision as confirmed, f.head, a.xmin::text as transaction
      from agents a join host_feeds f using (host) where a.host = ${host}`,
  );
  return row;
};

describe('heartbeats that come together', () => {
  test('are written together, each answered with its own host, and move no feed', async () => {
    const many = hosts(40);
    const answers = await Promise.all(many.map((host) => beat(host, { configurations: { host } })));

    expect(answers.map(({ host }) => host)).toEqual(many);
    const rows = await Promise.all(many.map(agentRow));
    expect(rows.map((row) => row?.configurations)).toEqual(many.map((host) => ({ host })));
    expect(new Set(rows.map((row) => row?.transaction)).size).toBeLessThan(4);
    expect(rows.every((row) => row?.head === '0')).toBe(true);
  });

  test('of one host count once; a start among them is a start', async () => {
    const [host = ''] = hosts(1);
    await beat(host);
    await Promise.all([beat(host, { startFlag: true }), beat(host, { configurations: { n: 2 } })]);
    expect(await agentRow(host)).toMatchObject({ configurations: { n: 2 }, started: true });
    await beat(host);
    expect(await agentRow(host)).toMatchObject({ configurations: { n: 2 }, started: false });
  });

  test('fail alone where one cannot be stored', async () => {
    const [good = '', bad = '', other = ''] = hosts(3);
    // PostgreSQL's jsonb has no NUL.
    const results = await Promise.allSettled([
      beat(good),
      beat(bad, { configurations: { name: '\u0000' } }),
      beat(other),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  test('confirm a position of the present epoch up to the head, and never an older one', async () => {
    const [host = ''] = hosts(1);
    const { desired } = await beat(host);
    await bindPort(running.services, admin, { portId: portId(), host });
    const [one, past] = [1n, 9n].map((revision) => encodeFeedCursor({ ...desired, revision }));
    const foreign = encodeFeedCursor({ epoch: `${randomUUID()}.1.1`, revision: 0n });

    await beat(host, { confirmed: one });
    for (const confirmed of [encodeFeedCursor(desired), past, foreign, null]) {
      await beat(host, { confirmed });
      expect(await agentRow(host)).toMatchObject({ confirmed: '1' });
    }
  });
});

test('reports that come together each count for their own host', async () => {
  const { services } = running;
  const many = hosts(20);
  const rules = await Promise.all(
    many.map(async (host) => {
      await agentOf(services, host).heartbeat();
      const port = portId();
      await bindPort(services, admin, { portId: port, host });
      const input = {
        portId: port,
        tenantId: 'acme',
        direction: 'EGRESS',
        maxKbps: 1_000,
      } as const;
      return createQosRule(services, admin, input);
    }),
  );
  const result = (index: number, ruleVersion: number) => {
    const { id, portId } = rules[index]!;
    return { portId, direction: 'EGRESS', ruleId: id, ruleVersion, status: 'APPLIED' } as const;
  };

  const accepted = await Promise.all(
    // Every second one is about a version that is none.
    many.map((host, index) => agentOf(services, host).report([result(index, 1 + (index % 2))])),
  );

  expect(accepted).toEqual(many.map((_host, index) => (index % 2 === 0 ? 1 : 0)));
  const rows = await Promise.all(many.map(agentRow));
  expect(rows.map((row) => row?.confirmed === row?.head)).toEqual(many.map(() => true));
  const reports = await query(
    services.emFor(admin),
    sql<{ host: string }>`select host from qos_reports where host = any (${many}::text[])`,
  );
  expect(reports.map(({ host }) => host).toSorted()).toEqual(
    many.filter((_host, index) => index % 2 === 0).toSorted(),
  );
});

test('a report that outruns its agent’s first heartbeat is asked for again, and loses nothing', async () => {
  const [host = ''] = hosts(1);
  await bindPort(running.services, admin, { portId: portId(), host });
  const agent = agentOf(running.services, host);
  await expect(agent.report([])).rejects.toThrow(/No agent of host h-\S+ has been heard of yet/);
  await agent.heartbeat();
  await agent.report([]);
  expect(await agentRow(host)).toMatchObject({ confirmed: '1', head: '1' });
});
