import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { query } from '../../../src/db/query.ts';
import type { FeedPosition } from '../../../src/domain/feedCursor.ts';
import { hostQosChanges } from '../../../src/feed/hostQosChanges.ts';
import type { HostQosStep } from '../../../src/feed/step.ts';
import { getAgent, updateAgent } from '../../../src/services/agents.ts';
import { compactTombstones } from '../../../src/services/compaction.ts';
import { bindPort, unbindPort } from '../../../src/services/ports.ts';
import { createQosRule, deleteQosRule, updateQosRule } from '../../../src/services/qosRules.ts';
import type { Services } from '../../../src/services/services.ts';
import {
  admin,
  agentOf,
  connectServices,
  portId,
  startServices,
  type TestServices,
} from '../../support/services.ts';

let running: TestServices;
beforeAll(async () => {
  running = await startServices();
});
afterAll(() => running[Symbol.asyncDispose]());

/** A feed under the test's control: one step at a time. */
function open(services: Services, host: string, since: FeedPosition | null, piecePorts?: number) {
  const controller = new AbortController();
  const em = () => services.emFor(admin);
  const source = { em, hub: services.switchboard.feeds, log: services.log };
  const feed = hostQosChanges(
    piecePorts ? { ...source, piecePorts } : source,
    host,
    since,
    controller.signal,
  );
  return {
    next: async (): Promise<HostQosStep> => {
      const { value, done } = await feed.next();
      if (done) throw new Error('The feed ended.');
      return value;
    },
    close: async () => {
      controller.abort();
      await feed.return();
    },
  };
}

const limit = (port: string, maxKbps = 1_000) =>
  createQosRule(running.services, admin, {
    portId: port,
    tenantId: 't',
    direction: 'EGRESS',
    maxKbps,
  });

async function limitedPorts(host: string, count: number) {
  const ports = Array.from({ length: count }, portId);
  await agentOf(running.services, host).plug(...ports);
  const rules = [];
  for (const port of ports) rules.push(await limit(port));
  return { ports, rules };
}

describe("a host's feed", () => {
  test('begins with the whole state, then tells each change as it commits, from where it stood', async () => {
    const { ports, rules } = await limitedPorts('f1', 2);
    const feed = open(running.services, 'f1', null);
    const first = await feed.next();
    expect(first.from).toBeNull();
    expect(first.ports.map(({ portId: id }) => id).sort()).toEqual([...ports].sort());

    await updateQosRule(running.services, admin, { id: rules[0]!.id, maxKbps: 2_000 });
    const second = await feed.next();
    expect(second.from).toEqual(first.to);
    expect(second.ports).toEqual([
      {
        portId: ports[0],
        egress: expect.objectContaining({ maxKbps: 2_000, ruleVersion: 2 }),
        ingress: null,
      },
    ]);

    await deleteQosRule(running.services, admin, { id: rules[0]!.id });
    expect((await feed.next()).ports).toEqual([{ portId: ports[0], egress: null, ingress: null }]);
    await feed.close();
  });

  test('resumes with ten changes to a port as one row, and an empty step where nothing changed', async () => {
    const { ports, rules } = await limitedPorts('f2', 2);
    const { to } = await agentOf(running.services, 'f2').qos();
    const idle = open(running.services, 'f2', to);
    expect(await idle.next()).toMatchObject({ from: to, to, ports: [] });
    await idle.close();

    for (let kbps = 1; kbps <= 10; kbps += 1) {
      await updateQosRule(running.services, admin, { id: rules[0]!.id, maxKbps: kbps });
    }
    const feed = open(running.services, 'f2', to);
    const step = await feed.next();
    expect(step.from).toEqual(to);
    expect(step.ports).toEqual([
      { portId: ports[0], egress: expect.objectContaining({ maxKbps: 10 }), ingress: null },
    ]);
    await feed.close();
  });

  test('names every port past a change of the admin state, so that each is reported again', async () => {
    const { ports } = await limitedPorts('f2a', 2);
    const agent = agentOf(running.services, 'f2a');
    await agent.heartbeat();
    const { to } = await agent.qos();
    const { id } = (await getAgent(running.services, admin, { host: 'f2a' }))!;
    await updateAgent(running.services, admin, { id, adminStateUp: false });
    await updateAgent(running.services, admin, { id, adminStateUp: true });

    const feed = open(running.services, 'f2a', to);

    const step = await feed.next();
    expect(step).toMatchObject({ from: to, adminStateUp: true });
    expect(step.ports.map(({ portId: named }) => named).sort()).toEqual([...ports].sort());
    await feed.close();
  });

  test('tells of a removed binding by its tombstone, and after compaction by the whole state', async () => {
    const port = portId();
    await bindPort(running.services, admin, { portId: port, host: 'f3', tenantId: 't' });
    await limit(port);
    const { to } = await agentOf(running.services, 'f3').qos();
    await unbindPort(running.services, admin, { portId: port, host: 'f3' });

    const resumed = open(running.services, 'f3', to);
    expect(await resumed.next()).toMatchObject({
      from: to,
      ports: [{ portId: port, egress: null, ingress: null }],
    });
    await resumed.close();

    expect(await compactTombstones(running.services, -1)).toBeGreaterThan(0);
    const below = open(running.services, 'f3', to);
    expect(await below.next()).toMatchObject({ from: null, ports: [] });
    await below.close();
  });

  test('gives every cursor that is not its own the whole state', async () => {
    await limitedPorts('f4', 1);
    await limitedPorts('f4-other', 1);
    const { to: other } = await agentOf(running.services, 'f4-other').qos();
    const foreign: FeedPosition[] = [other, { epoch: 'garbage', revision: 1n }];
    for (const since of foreign) {
      const feed = open(running.services, 'f4', since);
      const step = await feed.next();
      expect(step.from).toBeNull();
      expect(step.ports).toHaveLength(1);
      await feed.close();
    }
  });

  test('renews its epoch when a cursor is ahead of the head: the database went back', async () => {
    await limitedPorts('f5', 1);
    const { to } = await agentOf(running.services, 'f5').qos();
    const ahead = { ...to, revision: to.revision + 5n };
    const feed = open(running.services, 'f5', ahead);
    const step = await feed.next();
    expect(step.from).toBeNull();
    expect(step.to.epoch).not.toBe(to.epoch);
    await feed.close();
    const again = open(running.services, 'f5', step.to);
    expect((await again.next()).from).toEqual(step.to);
    await again.close();
  });

  test('comes in pieces by port id, with the same from and to, and more on all but the last', async () => {
    const { ports } = await limitedPorts('f6', 7);
    const feed = open(running.services, 'f6', null, 3);
    const pieces = [await feed.next(), await feed.next(), await feed.next()];
    expect(pieces.map(({ more }) => more)).toEqual([true, true, false]);
    expect(new Set(pieces.map(({ to }) => to.revision)).size).toBe(1);
    expect(pieces.flatMap((piece) => piece.ports.map(({ portId: id }) => id))).toEqual(
      [...ports].sort(),
    );
    await feed.close();
  });

  test('in pieces starts over as the whole state when compaction overtakes it', async () => {
    const { ports } = await limitedPorts('f7', 4);
    const { to: start } = await agentOf(running.services, 'f7').qos();
    const sorted = [...ports].sort();
    for (const port of ports) await bindPort(running.services, admin, { portId: port, host: 'f7' });
    const rules = await import('../../../src/services/batches.ts').then(({ rulesOfPorts }) =>
      rulesOfPorts(running.services, admin, ports),
    );
    for (const rule of rules)
      await updateQosRule(running.services, admin, { id: rule.id, maxKbps: 77 });

    const feed = open(running.services, 'f7', start, 2);
    const first = await feed.next();
    expect(first).toMatchObject({ from: start, more: true });

    // The last port leaves for good while the step is under way, and its tombstone is compacted.
    await agentOf(running.services, 'f7').unplug(sorted[3]!);
    await unbindPort(running.services, admin, { portId: sorted[3]!, host: 'f7' });
    await compactTombstones(running.services, -1);

    const rest = [await feed.next(), await feed.next()];
    expect(rest.map(({ from }) => from)).toEqual([null, null]);
    expect(rest.flatMap((piece) => piece.ports.map(({ portId: id }) => id))).toEqual(
      sorted.slice(0, 3),
    );
    expect(rest.map(({ more }) => more)).toEqual([true, false]);
    await feed.close();
  });

  test('hears of what another server committed', async () => {
    await using other = await connectServices(running.url);
    const { rules } = await limitedPorts('f8', 1);
    await expect.poll(() => other.services.doorbell.connected).toBe(true);
    const feed = open(other.services, 'f8', null);
    await feed.next();
    await updateQosRule(running.services, admin, { id: rules[0]!.id, maxKbps: 4_321 });
    expect((await feed.next()).ports[0]?.egress?.maxKbps).toBe(4_321);
    await feed.close();
  });

  test('misses nothing of 8 writers: the steps add up to the state, in order', async () => {
    const { ports, rules } = await limitedPorts('f9', 8);
    const feed = open(running.services, 'f9', null);
    const seen = new Map<string, number>();
    let position: FeedPosition | null = null;
    const writers = rules.map(async (rule) => {
      for (let n = 1; n <= 15; n += 1) {
        await updateQosRule(running.services, admin, { id: rule.id, maxKbps: 10_000 + n });
      }
    });
    const all = Promise.all(writers);
    for (;;) {
      const step: HostQosStep = await feed.next();
      expect(step.from).toEqual(position);
      position = step.to;
      for (const { portId: id, egress } of step.ports) {
        expect(egress!.ruleVersion).toBeGreaterThanOrEqual(seen.get(id) ?? 0);
        seen.set(id, egress!.ruleVersion);
      }
      if (ports.every((port) => seen.get(port) === 16)) break;
    }
    await all;
    const [row] = await query(
      running.services.emFor(admin),
      sql<{ head: string }>`select head from host_feeds where host = 'f9'`,
    );
    expect(position?.revision).toBe(BigInt(row!.head));
    await feed.close();
  });
});
