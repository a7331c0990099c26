/**
 * `npm run bench fleet [-- AGENTS]`: what a fleet costs one server: how soon all agents hold their state after
 * its start, its memory and time for them, and how long a change and a burst of changes take among them. A real
 * server, a real database, and agents that say on the wire what the real ones do.
 */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ApplyQosRulesDocument, UpdateQosRuleDocument } from '../schema/generated/graphql.ts';
import { freePort } from '../scripts/demo/lab.ts';
import { loadTokenSecret } from '../src/auth/secret.ts';
import { childrenOf, footprintOf } from './agent/process.ts';
import { type BenchDatabase, withBenchDatabase } from './fleet/database.ts';
import { machineMs } from './fleet/messages.ts';
import { type Probe, startProbe } from './fleet/probe.ts';
import { type SeededRule, seedFleet, seedLargeHost } from './fleet/seed.ts';
import { type FleetServer, proportionalKiB, startFleetServer } from './fleet/server.ts';
import { type Swarm, startSwarm } from './fleet/swarmProcess.ts';
import { keepResults } from './results.ts';
import { measure, row, type Spread } from './stats.ts';

const agents = Number(process.argv[2] ?? 10_000);
const portsEach = 2;
const heartbeatMs = 10_000;
const changes = 200;
const burstHosts = Math.min(1_000, agents);
const observedMs = 40_000;
const largePorts = 5_000;
const largeHost = 'large';
/** Far beyond what is asked for, so that a slow machine still gets its figures. */
const patienceMs = 90_000;

/** From a server's start until all agents are connected and hold their state. */
interface Holding {
  readonly seconds: number;
  readonly serverCpuSeconds: number;
  /** Of the process with the agents: near as much as `seconds`, it would have measured itself. */
  readonly swarmCpuSeconds: number;
}

/** What the agents cost while nothing changes. */
interface Steady {
  readonly memoryKiBEach: number;
  readonly serverCorePercent: number;
  readonly swarmCorePercent: number;
  readonly databaseCorePercent: number;
}

await withBenchDatabase(async (database) => {
  const rules = await seedFleet(database.url, { hosts: agents + 1, portsEach });
  const [probed, ...swarmed] = rules;
  if (!probed) throw new Error('No host was made.');
  await seedLargeHost(database.url, largeHost, largePorts);
  const start = await serverStarter(database);

  const snapshot = await withServer(start, (server) => measureSnapshot(server, start.secret));
  const alone = await withServer(start, async (server) => {
    await using probe = await startProbe(server.url, start.secret, probed.host);
    return {
      changeMs: await measureChange(server, probe, probed),
      kiB: await proportionalKiB(server.program.pid),
    };
  });
  await using swarm = await startSwarm({
    servers: [start.url],
    secretFile: start.secretFile,
    hosts: swarmed.map(({ host }) => host),
  });
  const { fromNothing, ...among } = await withServer(start, async (server) => {
    const fromNothing = await allHold(server, swarm);
    const steady = await observe(server, swarm, database, alone.kiB);
    await using probe = await startProbe(server.url, start.secret, probed.host);
    const changeMs = await measureChange(server, probe, probed);
    return { fromNothing, steady, changeMs, burstMs: await burst(server, swarm, swarmed) };
  });
  const resumed = await withServer(start, (server) => allHold(server, swarm));
  const holding = { fromNothing, resumed };
  report(alone.changeMs, snapshot, holding, among);
  await keepResults('fleet', { agents, portsEach, heartbeatMs, alone, snapshot, holding, among });
});

/** The whole state of a large host, in pieces: how long it takes, and how long anybody else waits meanwhile. */
interface Snapshot {
  readonly seconds: number;
  readonly longestDelayMs: number;
}

async function measureSnapshot(server: FleetServer, secret: Uint8Array): Promise<Snapshot> {
  // Once unmeasured: what the first use of everything costs is no snapshot's.
  await (await startProbe(server.url, secret, largeHost))[Symbol.asyncDispose]();
  await server.longestDelayMs();
  const startedAtMs = machineMs();
  await using _probe = await startProbe(server.url, secret, largeHost);
  const seconds = (machineMs() - startedAtMs) / 1_000;
  return { seconds, longestDelayMs: await server.longestDelayMs() };
}

/** Starts the server anew at the same address, as a restart does. */
async function serverStarter({ url: databaseUrl, dir }: BenchDatabase) {
  const secretFile = join(dir, 'token.secret');
  const secret = await loadTokenSecret(secretFile);
  const port = await freePort();
  const settings = {
    SLUICE_DATABASE_URL: databaseUrl,
    SLUICE_DATA: join(dir, 'server'),
    SLUICE_HEARTBEAT_MS: `${heartbeatMs}`,
  };
  const start = () => startFleetServer({ port, secretFile, settings });
  return Object.assign(start, { secretFile, secret, url: `http://127.0.0.1:${port}/graphql` });
}

/** To standard error, as each stage is over: the whole takes two minutes. */
function tell(stage: string, figures: object): void {
  process.stderr.write(`${stage}: ${JSON.stringify(figures)}\n`);
}

async function withServer<T>(
  start: () => Promise<FleetServer>,
  use: (server: FleetServer) => Promise<T>,
): Promise<T> {
  await using server = await start();
  return await use(server);
}

async function measureChange(
  server: FleetServer,
  probe: Probe,
  { id }: SeededRule,
): Promise<Spread> {
  const spread = await measure(changes, async (index) => {
    const stepped = probe.step();
    const input = { id, maxKbps: 10_000 + index };
    await Promise.all([server.request(UpdateQosRuleDocument, { input }), stepped]);
  });
  tell('one change', spread);
  return spread;
}

async function allHold(server: FleetServer, swarm: Swarm): Promise<Holding> {
  const swarmBefore = await cpuSecondsOf(swarm.pid);
  await swarm.until(({ holding }) => holding === agents, patienceMs);
  const held = {
    seconds: (machineMs() - server.startedAtMs) / 1_000,
    serverCpuSeconds: await cpuSecondsOf(server.program.pid),
    swarmCpuSeconds: (await cpuSecondsOf(swarm.pid)) - swarmBefore,
  };
  tell('all hold their state', held);
  return held;
}

async function cpuSecondsOf(...pids: number[]): Promise<number> {
  return (await footprintOf(pids)).cpuMs / 1_000;
}

async function observe(
  server: FleetServer,
  swarm: Swarm,
  database: BenchDatabase,
  aloneKiB: number,
): Promise<Steady> {
  // What their coming left to do, first reports and garbage, is not their keep.
  await delay(heartbeatMs);
  const cpuSeconds = async () => ({
    server: await cpuSecondsOf(server.program.pid),
    swarm: await cpuSecondsOf(swarm.pid),
    database: await cpuSecondsOf(database.pid, ...(await childrenOf(database.pid))),
  });
  const [before, startedAtMs] = [await cpuSeconds(), machineMs()];
  await delay(observedMs);
  const [after, elapsedMs] = [await cpuSeconds(), machineMs() - startedAtMs];
  const corePercent = (of: keyof typeof before) =>
    ((after[of] - before[of]) / (elapsedMs / 1_000)) * 100;
  const steady = {
    memoryKiBEach: ((await proportionalKiB(server.program.pid)) - aloneKiB) / agents,
    serverCorePercent: corePercent('server'),
    swarmCorePercent: corePercent('swarm'),
    databaseCorePercent: corePercent('database'),
  };
  tell('steady', steady);
  return steady;
}

/** One applyQosRules that changes a rule on each of many hosts: until the last of them has it. */
async function burst(
  server: FleetServer,
  swarm: Swarm,
  rules: readonly SeededRule[],
): Promise<number> {
  await swarm.mark();
  const sentAtMs = machineMs();
  await server.request(ApplyQosRulesDocument, {
    input: {
      tenantId: 'fleet',
      rules: rules
        .slice(0, burstHosts)
        .map(({ portId }) => ({ portId, direction: 'EGRESS' as const, maxKbps: 2_000 })),
    },
  });
  const { steppedAtMs } = await swarm.until(({ stepped }) => stepped === burstHosts, patienceMs);
  tell('burst', { ms: steppedAtMs - sentAtMs });
  return steppedAtMs - sentAtMs;
}

function report(
  alone: Spread,
  snapshot: Snapshot,
  { fromNothing, resumed }: Readonly<Record<'fromNothing' | 'resumed', Holding>>,
  { steady, changeMs, burstMs }: { steady: Steady; changeMs: Spread; burstMs: number },
): void {
  const line = (what: string, value: number, unit: string, asked: string) =>
    `${what.padEnd(60)} ${value.toFixed(1).padStart(8)} ${unit.padEnd(9)} ${asked}`;
  const lines = [
    line(`${agents} agents hold their state, from nothing`, fromNothing.seconds, 's', '≤ 15'),
    line('  the same after a restart, each resuming', resumed.seconds, 's', '≤ 15'),
    line("server's memory for each", steady.memoryKiBEach, 'KiB', '≤ 45'),
    line("server's time, heartbeats at 10 s", steady.serverCorePercent, '% core', '≤ 15'),
    line("database's time, heartbeats at 10 s", steady.databaseCorePercent, '% core', ''),
    line(`one applyQosRules over ${burstHosts} hosts → the last has it`, burstMs, 'ms', '≤ 1500'),
    line(`whole state of a host with ${largePorts} limited ports`, snapshot.seconds, 's', ''),
    line("  server's loop held up meanwhile, at most", snapshot.longestDelayMs, 'ms', '≤ 50'),
    '',
    `${'mutation sent → its agent has it'.padEnd(52)}   p50 ms   p99 ms  × alone`,
    row('with no other agents', alone),
    row(
      `with ${agents} others (p99 ${(changeMs.p99 / alone.p99).toFixed(1)} ×, asked ≤ 2)`,
      changeMs,
      alone,
    ),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
