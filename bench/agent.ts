/**
 * `npm run bench agent [-- PORTS [IDLE_SECONDS]]`: what an agent costs on a host with many limited ports: its
 * cold start beside one raw transaction of the same rows, one rule's change beside the same with one port, its
 * memory and its idle time. A real agent process, as it is shipped, on a real switch; the feed is a stand-in's.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Direction } from '../schema/generated/graphql.ts';
import { buildPackage } from '../scripts/build/package.ts';
import { withLab } from '../scripts/demo/lab.ts';
import type { PrivateSwitch } from '../scripts/privateSwitch.ts';
import { BenchHost, limited, type Start } from './agent/host.ts';
import { childrenOf, footprintOf } from './agent/process.ts';
import { RawSwitch } from './agent/rawSwitch.ts';
import { addPorts } from './ports.ts';
import { keepResults } from './results.ts';
import { measure, row, type Spread } from './stats.ts';

const ports = Number(process.argv[2] ?? 1_000);
const idleSeconds = Number(process.argv[3] ?? 60);
const coldStarts = 5;
const changes = 200;
const kbps = 50_000;
/** What the last change left to collect is not idle time. */
const settleMs = 10_000;

/**
 * Raw: the same rows in one transaction until vswitchd has followed, or as many meters and flows over one connection
 * until its barrier. The agent's begins with its process, and is looked at from outside of it: `holdsMs` until the
 * switch has all, as raw ends, and `totalMs` until it has read all back and the stand-in feed has its report.
 */
interface ColdStart extends Start {
  readonly rawMs: number;
  readonly holdsMs: number;
}

/** Share of a core, and memory. */
interface Footprint {
  readonly percent: number;
  readonly residentMiB: number;
}

type Idle = Readonly<Record<'agent' | "agent's children" | 'vswitchd', Footprint>>;

await withLab(async ({ data, ovs }) => {
  await buildPackage(builtIn(data));
  await using raw = new RawSwitch(ovs);
  const one = await withHost(ovs, data, 'one', async (host) => {
    const portIds = await addPorts(ovs, 1, 'alone');
    await host.startAgent(portIds.map((portId) => limited(portId, ['EGRESS'], kbps)));
    return changeOne(host, portIds);
  });
  await raw.clear();
  const portIds = await addPorts(ovs, ports);
  const queues = await coldStart(raw, ovs, data, portIds, 'INGRESS');
  const meters = await coldStart(raw, ovs, data, portIds, 'EGRESS');
  const { many, after, idle } = await withHost(ovs, data, 'many', async (host) => {
    await host.startAgent(portIds.map((portId) => limited(portId, ['EGRESS'], kbps)));
    const many = await changeOne(host, portIds);
    await host.change(portIds.map((portId) => limited(portId, ['EGRESS', 'INGRESS'], kbps)));
    await delay(settleMs);
    // In the first of two, what the change made anew is counted, and reported whole.
    const after = await rest(host, ovs);
    return { many, after, idle: await rest(host, ovs) };
  });

  const lines = [
    `${`cold start, ${ports} limited ports`.padEnd(52)}   raw ms  boot ms    holds    × raw reported    × raw`,
    coldRow('by queues (INGRESS)', queues),
    coldRow('by meters (EGRESS)', meters),
    `${'one rule changed by meter until reported'.padEnd(52)}   p50 ms   p99 ms`,
    row('1 port', one),
    row(`${ports} ports (p50 + ${(many.p50 - one.p50).toFixed(1)} ms)`, many),
    idleHead(`${idleSeconds} s after a change of all, both directions`),
    ...Object.entries(after).map(([who, footprint]) => idleRow(who, footprint)),
    idleHead(`idle for ${idleSeconds} s, ${ports} ports, both directions`),
    ...Object.entries(idle).map(([who, footprint]) => idleRow(who, footprint)),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  const changeMs = { one, many };
  await keepResults('agent', { ports, coldStartMs: { queues, meters }, changeMs, after, idle });
});

async function withHost<T>(
  ovs: PrivateSwitch,
  data: string,
  name: string,
  use: (host: BenchHost) => Promise<T>,
): Promise<T> {
  const program = join(builtIn(data), 'sluice-agent.js');
  await using host = await BenchHost.start({ ovs, program, dir: join(data, name) });
  return await use(host);
}

function builtIn(data: string): string {
  return join(data, 'built');
}

/** The middle one of some starts from an empty switch, and what the switch takes when it is told the same raw. */
async function coldStart(
  raw: RawSwitch,
  ovs: PrivateSwitch,
  data: string,
  portIds: readonly string[],
  direction: Direction,
): Promise<ColdStart> {
  const portIdOf = new Map(portIds.map((portId, index) => [`bench${index}`, portId]));
  const rawMs: number[] = [];
  const starts: (Start & Pick<ColdStart, 'holdsMs'>)[] = [];
  for (let round = 0; round < coldStarts; round += 1) {
    const startedAt = performance.now();
    await (direction === 'INGRESS' ? raw.queues(portIdOf, kbps) : raw.meters(ports, kbps));
    rawMs.push(performance.now() - startedAt);
    await raw.clear();
    await withHost(ovs, data, direction, async (host) => {
      const begunAt = performance.now();
      const has = direction === 'INGRESS' ? raw.haveQueues(portIdOf.keys()) : raw.haveFlows(ports);
      const holds = has.then(() => performance.now() - begunAt);
      const wanted = portIds.map((portId) => limited(portId, [direction], kbps));
      const [start, holdsMs] = await Promise.all([host.startAgent(wanted), holds]);
      starts.push({ ...start, holdsMs });
    });
    await raw.clear();
  }
  const [start = { bootMs: 0, holdsMs: 0, totalMs: 0 }] = middle(starts, ({ holdsMs }) => holdsMs);
  const [rawMiddle = 0] = middle(rawMs, (ms) => ms);
  return { rawMs: rawMiddle, ...start };
}

function changeOne(host: BenchHost, [portId = '']: readonly string[]): Promise<Spread> {
  return measure(changes, (index) =>
    host.change([limited(portId, ['EGRESS'], kbps + 1_000 + index)]),
  );
}

/** What everybody uses while nothing happens. */
async function rest(host: BenchHost, ovs: PrivateSwitch): Promise<Idle> {
  const vswitchd = Number(await readFile(join(ovs.dir, 'ovs-vswitchd.pid'), 'utf8'));
  const look = async () => {
    const children = await childrenOf(host.pid);
    return {
      agent: await footprintOf([host.pid]),
      "agent's children": await footprintOf(children),
      vswitchd: await footprintOf([vswitchd]),
    };
  };
  const before = await look();
  await delay(idleSeconds * 1_000);
  const after = await look();
  const used = (who: keyof Idle): Footprint => ({
    percent: (after[who].cpuMs - before[who].cpuMs) / (idleSeconds * 10),
    residentMiB: after[who].residentMiB,
  });
  return {
    agent: used('agent'),
    "agent's children": used("agent's children"),
    vswitchd: used('vswitchd'),
  };
}

function middle<T>(values: readonly T[], keyOf: (value: T) => number): T[] {
  const sorted = [...values].sort((a, b) => keyOf(a) - keyOf(b));
  return sorted.slice(Math.floor(sorted.length / 2));
}

function coldRow(what: string, { rawMs, totalMs, holdsMs, bootMs }: ColdStart): string {
  const cells = [
    rawMs.toFixed(0),
    bootMs.toFixed(0),
    holdsMs.toFixed(0),
    (holdsMs / rawMs).toFixed(2),
    totalMs.toFixed(0),
    (totalMs / rawMs).toFixed(2),
  ];
  return `${what.padEnd(52)} ${cells.map((cell) => cell.padStart(8)).join(' ')}`;
}

function idleHead(what: string): string {
  return `${what.padEnd(52)}   % core      MiB`;
}

function idleRow(who: string, { percent, residentMiB }: Footprint): string {
  return `${who.padEnd(52)} ${percent.toFixed(2).padStart(8)} ${residentMiB.toFixed(0).padStart(8)}`;
}
