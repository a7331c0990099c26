/**
 * `npm run bench flat`: what one rule's change costs the server, from the request to the report of the
 * agent that applied it, in a small fleet and in one a thousand times as large. What the fleet costs
 * while nothing changes is measured before, and taken off.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { UpdateQosRuleDocument } from '../schema/generated/graphql.ts';
import { footprintOf } from './agent/process.ts';
import { type BenchDatabase, withBenchDatabase } from './fleet/database.ts';
import { machineMs } from './fleet/messages.ts';
import { type SeededRule, seedFleet } from './fleet/seed.ts';
import { type FleetServer, secretFileOf, startFleetServer } from './fleet/server.ts';
import { startSwarm } from './fleet/swarmProcess.ts';
import { HttpClient } from './httpClient.ts';
import { keepResults } from './results.ts';
import { measure, type Spread, warmUpsOf } from './stats.ts';

const portsEach = 10;
const fleets = { small: 10, large: 10_000 } as const;
const changes = 1_000;
const settleMs = 8_000;
const restMs = 10_000;
const patienceMs = 90_000;

/** Of one change, in a fleet of so many agents. */
interface Cost {
  readonly agents: number;
  readonly rules: number;
  readonly serverCpuMs: number;
  readonly answeredMs: Spread;
}

const small = await costAmong(fleets.small);
const large = await costAmong(fleets.large);
const ratio = large.serverCpuMs / small.serverCpuMs;
process.stdout.write(
  `${[
    `${"one change's time on the server".padEnd(52)}   cpu ms   p50 ms   p99 ms`,
    line(small),
    line(large),
    `${'ratio'.padEnd(52)} ${ratio.toFixed(2).padStart(8)} ×   asked ≤ 1.3 ×`,
  ].join('\n')}\n`,
);
await keepResults('flat', { changes, small, large, ratio });

function line({ agents, rules, serverCpuMs, answeredMs: { p50, p99 } }: Cost): string {
  const figures = [serverCpuMs.toFixed(2), p50.toFixed(1), p99.toFixed(1)];
  const what = `with ${rules} rules and ${agents} agents`;
  return `${what.padEnd(52)} ${figures.map((figure) => figure.padStart(8)).join(' ')}`;
}

async function costAmong(agents: number): Promise<Cost> {
  const { promise, resolve } = Promise.withResolvers<Omit<Cost, 'agents' | 'rules'>>();
  await withBenchDatabase(async (database) => resolve(await costOn(database, agents)));
  return { agents, rules: agents * portsEach, ...(await promise) };
}

async function costOn(database: BenchDatabase, agents: number) {
  const rules = await seedFleet(database.url, { hosts: agents, portsEach });
  await using server = await startFleetServer(database);
  await using swarm = await startSwarm({
    servers: [server.url],
    secretFile: secretFileOf(database),
    hosts: rules.map(({ host }) => host),
  });
  await swarm.until(({ holding }) => holding === agents, patienceMs);
  // What their coming left to do is no change's cost.
  await delay(settleMs);
  const restShare = await coreShareOf(server, () => delay(restMs));

  const token = await server.token({ role: 'admin' });
  const [before, startedAtMs] = [await cpuMsOf(server), machineMs()];
  const answeredMs = await changeAll(new HttpClient(server.url, token), rules);
  const elapsedMs = machineMs() - startedAtMs;
  const spentMs = (await cpuMsOf(server)) - before - restShare * elapsedMs;
  return { serverCpuMs: spentMs / (changes + warmUpsOf(changes)), answeredMs };
}

/** One rule of one host after the other, each as soon as the one before it is answered. */
async function changeAll(client: HttpClient, rules: readonly SeededRule[]): Promise<Spread> {
  try {
    return await measure(changes, async (index) => {
      const id = rules[index % rules.length]?.id ?? '';
      await client.request(UpdateQosRuleDocument, { input: { id, maxKbps: 10_000 + index } });
    });
  } finally {
    client.close();
  }
}

async function coreShareOf(server: FleetServer, during: () => Promise<void>): Promise<number> {
  const [before, startedAtMs] = [await cpuMsOf(server), machineMs()];
  await during();
  return ((await cpuMsOf(server)) - before) / (machineMs() - startedAtMs);
}

async function cpuMsOf({ program }: FleetServer): Promise<number> {
  return (await footprintOf([program.pid])).cpuMs;
}
