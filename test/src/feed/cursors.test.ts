import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DesiredState } from '../../../agent/desired.ts';
import { encodeFeedCursor, type FeedPosition } from '../../../src/domain/feedCursor.ts';
import type { PortQos } from '../../../src/feed/readFeed.ts';
import { compactTombstones } from '../../../src/services/compaction.ts';
import { getHostQos } from '../../../src/services/hostQos.ts';
import { bindPort, unbindPort } from '../../../src/services/ports.ts';
import { createQosRule, updateQosRule } from '../../../src/services/qosRules.ts';
import { AgentLife } from '../../histories/agentLife.ts';
import { ofKind } from '../../histories/history.ts';
import { limitsOf, Recording } from '../../histories/recording.ts';
import { eventually } from '../../support/eventually.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { admin, portId } from '../../support/services.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

/** A host's state at each of its positions, the last of them its head; below `floor` nobody can resume. */
interface Past {
  readonly states: readonly DesiredState[];
  readonly positions: readonly FeedPosition[];
  readonly floor: number;
  change(): Promise<void>;
}

async function hostWithPast(host: string): Promise<Past> {
  const { services } = server;
  const [kept, gone] = [portId(), portId()];
  const steps: { to: FeedPosition; desired: DesiredState }[] = [];
  const look = async () => {
    const { to, adminStateUp, ports } = await getHostQos(services, admin, host);
    steps.push({ to, desired: { cursor: encodeFeedCursor(to), adminStateUp, ports: byId(ports) } });
  };
  const limit = (port: string) =>
    createQosRule(services, admin, {
      portId: port,
      tenantId: 't',
      direction: 'EGRESS',
      maxKbps: 1,
    });

  await bindPort(services, admin, { portId: gone, host, tenantId: 't' });
  await bindPort(services, admin, { portId: kept, host, tenantId: 't' });
  const rule = await limit(kept);
  await limit(gone);
  await look();
  await unbindPort(services, admin, { portId: gone, host });
  await look();
  let maxKbps = 1;
  const change = async () => {
    maxKbps += 1;
    await updateQosRule(services, admin, { id: rule.id, maxKbps });
  };
  for (let n = 0; n < 2; n += 1) {
    await change();
    await look();
  }
  // The unbinding's tombstone goes, and the floor rises to it.
  await compactTombstones(services, -1);
  return {
    states: steps.map(({ desired }) => desired),
    positions: steps.map(({ to }) => to),
    floor: 1,
    change,
  };
}

const byId = (ports: readonly PortQos[]): DesiredState['ports'] =>
  new Map(ports.map((port) => [port.portId, port]));

const moved = ({ epoch, revision }: FeedPosition, by: bigint): string =>
  encodeFeedCursor({ epoch, revision: revision + by });

interface Case {
  readonly name: string;
  readonly whole: boolean;
  /** What the agent has on its disk. */
  readonly saved: (past: Past, other: Past) => DesiredState | undefined;
}

const at = (past: Past, index: number): DesiredState => past.states.at(index)!;
const cases: Case[] = [
  { name: 'null', whole: true, saved: () => undefined },
  { name: 'head', whole: false, saved: (past) => at(past, -1) },
  {
    name: 'head+1',
    whole: true,
    saved: (past) => ({ ...at(past, -1), cursor: moved(past.positions.at(-1)!, 1n) }),
  },
  { name: 'floor-1', whole: true, saved: (past) => at(past, past.floor - 1) },
  { name: 'floor', whole: false, saved: (past) => at(past, past.floor) },
  { name: 'floor+1', whole: false, saved: (past) => at(past, past.floor + 1) },
  { name: 'garbage', whole: true, saved: (past) => ({ ...at(past, 0), cursor: 'not a cursor' }) },
  { name: "another host's", whole: true, saved: (_, other) => at(other, -1) },
  {
    name: "another epoch's",
    whole: true,
    saved: (past) => ({
      ...at(past, 0),
      cursor: encodeFeedCursor({ epoch: crypto.randomUUID(), revision: 3n }),
    }),
  },
];

test.each(cases)(
  'an agent that comes with the cursor "$name" has the right state at once, and every later change',
  async ({ name, whole, saved }) => {
    const host = `cursor-${name}`;
    const past = await hostWithPast(host);
    const initial = saved(past, await hostWithPast(`${host}-other`));
    const recording = new Recording();
    await using stack = new AsyncDisposableStack();
    const token = await server.token({ role: 'agent', host });
    const home = { host, servers: [`${server.url}/graphql`], token, recording };
    const life = new AgentLife(home, initial ? [initial] : []);
    stack.defer(() => life.end());

    const hasAll = async () => {
      const { to, ports } = await getHostQos(server.services, admin, host);
      const desired = life.saved.at(-1);
      expect(desired?.cursor).toBe(encodeFeedCursor(to));
      expect(limitsOf(desired!.ports)).toEqual(limitsOf(byId(ports)));
    };
    await eventually(hasAll, { timeoutMs: 15_000 });
    expect(ofKind(recording, 'received')[0]?.from === null).toBe(whole);
    await past.change();
    await eventually(hasAll, { timeoutMs: 15_000 });
    expect(ofKind(recording, 'opened').length).toBeLessThanOrEqual(2);
  },
);
