import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  AgentDocument,
  CreateQosRuleDocument,
  DeleteQosRuleDocument,
  QosRulesDocument,
  UpdateQosRuleDocument,
} from '../../schema/generated/graphql.ts';
import { migrateUp } from '../../src/db/migrate.ts';
import { eventually } from '../support/eventually.ts';
import { startSwitch } from '../support/ovs.ts';
import { startOwnPostgres } from '../support/postgres.ts';
import { startProxy } from '../support/proxy.ts';
import { seededRandom } from '../support/random.ts';
import { type Enforced, readSwitch } from '../support/readSwitch.ts';
import { type System, startSystem } from '../support/system.ts';

const host = 'host-c';
const rounds = 8;
const changesPerRound = 25;
const portCount = 6;
const seed = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000);

/**
 * 200 random changes while everything between a rule and the switch is cut and killed at random. Run
 * one again with CHAOS_SEED=<seed>.
 */
test(`after cuts and kills of everything the switch is as the database says (CHAOS_SEED=${seed})`, {
  timeout: 240_000,
}, async () => {
  const random = seededRandom(seed);
  await using stack = new AsyncDisposableStack();
  const postgres = stack.use(await startOwnPostgres());
  await migrateUp(postgres.url);
  const ovs = stack.use(await startSwitch());
  await ovs.addBridge('br0');
  const ports: string[] = [];
  for (let n = 0; n < portCount; n += 1) ports.push((await ovs.addPort({ bridge: 'br0' })).portId);
  const system = stack.use(await startSystem(postgres.url));
  const proxy = stack.use(await startProxy(system.port));
  const record = join(ovs.dir, 'desired.jsonl');
  const startAgent = () =>
    system.startAgent({
      host,
      ovs,
      port: proxy.port,
      settings: { SLUICE_DRIVER: 'test/support/recordingDriver.ts', RECORD_FILE: record },
    });
  let agent = await startAgent();

  const cuts = [() => proxy.cut(), () => proxy.cutAfterBytes(random.integer(1, 2_000))];
  const kills = [
    async () => {
      await agent.kill();
      agent = await startAgent();
    },
    async () => {
      await system.server.kill();
      await system.startServer();
    },
    () => postgres.kill(),
  ];
  for (let round = 0; round < rounds; round += 1) {
    for (let change = 0; change < changesPerRound; change += 1) {
      await untilAccepted(() => changeSomething(system, ports, random));
      if (change % 6 === 3) await random.pick(cuts)();
      if (change === 12) await kills[round % kills.length]?.();
    }
    await eventually(
      async () => {
        const wanted = await wantedOf(system, ports);
        const message = `round ${round}, CHAOS_SEED=${seed}\n${agent.log}`;
        expect(await readSwitch(ovs, 'br0'), message).toEqual(wanted);
        const { agent: state } = await system.request(AgentDocument, { host });
        expect(state?.confirmed).toBe(state?.desired);
      },
      { timeoutMs: 30_000, intervalMs: 100 },
    );
  }
  await expectInOrder(record);
});

/** One random create, update or delete. */
async function changeSomething(
  system: System,
  ports: readonly string[],
  random: ReturnType<typeof seededRandom>,
): Promise<void> {
  const portId = random.pick(ports);
  const direction = random.pick(['EGRESS', 'INGRESS'] as const);
  const maxKbps = random.integer(1_000, 100_000);
  const { qosRules } = await system.request(QosRulesDocument, {
    filter: { portId: [portId], direction },
  });
  const [rule] = qosRules.nodes;
  if (!rule) {
    const input = { tenantId: 't', portId, direction, maxKbps };
    await system.request(CreateQosRuleDocument, { input });
    return;
  }
  if (random.integer(0, 3) === 0) {
    await system.request(DeleteQosRuleDocument, { input: { id: rule.id } });
    return;
  }
  await system.request(UpdateQosRuleDocument, { input: { id: rule.id, maxKbps } });
}

/** A caller's patience: what fails while something is down is tried again. */
const untilAccepted = <T>(work: () => Promise<T>): Promise<T> =>
  eventually(work, { timeoutMs: 30_000, intervalMs: 100 });

async function wantedOf(system: System, ports: readonly string[]): Promise<Map<string, Enforced>> {
  const { qosRules } = await system.request(QosRulesDocument, { first: 500 });
  const rate = (portId: string, direction: string) =>
    qosRules.nodes.find((rule) => rule.portId === portId && rule.direction === direction)
      ?.maxKbps ?? null;
  return new Map(
    ports.map((portId) => [
      portId,
      { egressKbps: rate(portId, 'EGRESS'), ingressKbps: rate(portId, 'INGRESS') },
    ]),
  );
}

/** No rule was ever asked of the driver in an older version after a newer one. */
async function expectInOrder(record: string): Promise<void> {
  const newest = new Map<string, number>();
  const lines = (await readFile(record, 'utf8')).trim().split('\n');
  expect(lines.length).toBeGreaterThan(20);
  for (const line of lines) {
    for (const [ruleId, version] of JSON.parse(line) as [string, number][]) {
      expect(version, `rule ${ruleId}, seed ${seed}`).toBeGreaterThanOrEqual(
        newest.get(ruleId) ?? 0,
      );
      newest.set(ruleId, version);
    }
  }
}
