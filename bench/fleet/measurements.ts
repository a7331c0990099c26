import { setTimeout as delay } from 'node:timers/promises';
import { ApplyQosRulesDocument, UpdateQosRuleDocument } from '../../schema/generated/graphql.ts';
import { childrenOf, footprintOf } from '../agent/process.ts';
import { measure, type Spread } from '../stats.ts';
import type { BenchDatabase } from './database.ts';
import { machineMs } from './messages.ts';
import { type Probe, startProbe } from './probe.ts';
import type { SeededRule } from './seed.ts';
import { type FleetServer, proportionalKiB } from './server.ts';
import type { Swarm } from './swarmProcess.ts';

const changes = 200;
const observedMs = 40_000;
/** Far beyond what is asked for, so that a slow machine still gets its figures. */
const patienceMs = 90_000;

/** The whole state of a large host, in pieces: how long it takes, and how long anybody else waits meanwhile. */
export interface Snapshot {
  readonly seconds: number;
  readonly longestDelayMs: number;
}

/** From a server's start until all agents are connected and hold their state. */
export interface Holding {
  readonly seconds: number;
  readonly serverCpuSeconds: number;
  /** Of the process with the agents: near as much as `seconds`, it would have measured itself. */
  readonly swarmCpuSeconds: number;
}

/** What the agents cost while nothing changes. */
export interface Steady {
  readonly memoryKiBEach: number;
  readonly serverCorePercent: number;
  readonly swarmCorePercent: number;
  readonly databaseCorePercent: number;
}

export async function measureSnapshot(server: FleetServer, host: string): Promise<Snapshot> {
  // Once unmeasured: what the first use of everything costs is no snapshot's.
  await (await startProbe(server, host))[Symbol.asyncDispose]();
  await server.longestDelayMs();
  const startedAtMs = machineMs();
  await using _probe = await startProbe(server, host);
  const seconds = (machineMs() - startedAtMs) / 1_000;
  return { seconds, longestDelayMs: await server.longestDelayMs() };
}

/** From the request of a change until the probe's agent has it. */
export async function measureChange(
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

export async function measureHolding(server: FleetServer, swarm: Swarm): Promise<Holding> {
  const swarmBefore = await cpuSecondsOf(swarm.pid);
  await swarm.until(({ holding }) => holding === swarm.agents, patienceMs);
  const held = {
    seconds: (machineMs() - server.startedAtMs) / 1_000,
    serverCpuSeconds: await cpuSecondsOf(server.program.pid),
    swarmCpuSeconds: (await cpuSecondsOf(swarm.pid)) - swarmBefore,
  };
  tell('all hold their state', held);
  return held;
}

/** `settleMs`: what their coming left to do, first reports and garbage, is not their keep. `aloneKiB`: the server without them. */
export async function measureSteady(
  { server, swarm, database }: { server: FleetServer; swarm: Swarm; database: BenchDatabase },
  { settleMs, aloneKiB }: { settleMs: number; aloneKiB: number },
): Promise<Steady> {
  await delay(settleMs);
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
    memoryKiBEach: ((await proportionalKiB(server.program.pid)) - aloneKiB) / swarm.agents,
    serverCorePercent: corePercent('server'),
    swarmCorePercent: corePercent('swarm'),
    databaseCorePercent: corePercent('database'),
  };
  tell('steady', steady);
  return steady;
}

/** One applyQosRules that changes these rules, each on a host of its own: until the last of them has it, in milliseconds. */
export async function measureBurst(
  server: FleetServer,
  swarm: Swarm,
  rules: readonly SeededRule[],
): Promise<number> {
  await swarm.mark();
  const sentAtMs = machineMs();
  await server.request(ApplyQosRulesDocument, {
    input: {
      tenantId: 'fleet',
      rules: rules.map(({ portId }) => ({ portId, direction: 'EGRESS' as const, maxKbps: 2_000 })),
    },
  });
  const { steppedAtMs } = await swarm.until(({ stepped }) => stepped === rules.length, patienceMs);
  const ms = steppedAtMs - sentAtMs;
  tell('burst', { ms });
  return ms;
}

async function cpuSecondsOf(...pids: number[]): Promise<number> {
  return (await footprintOf(pids)).cpuMs / 1_000;
}

/** To standard error, as each stage is over: the whole takes two minutes. */
function tell(stage: string, figures: object): void {
  process.stderr.write(`${stage}: ${JSON.stringify(figures)}\n`);
}
