/**
 * `npm run bench agent [-- PORTS [IDLE_SECONDS]]`: what an agent costs on a host with many limited ports: its
 * cold start beside one raw transaction of the same rows, one rule's change beside the same with one port, its
 * memory and its idle time. A real agent process, as it is shipped, on a real switch; the feed is a stand-in's.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { buildPackage } from '../scripts/build/package.ts';
import { withLab } from '../scripts/demo/lab.ts';
import type { PrivateSwitch } from '../scripts/privateSwitch.ts';
import { coldHead, coldRow, coldStart, leastRow } from './agent/coldStart.ts';
import { BenchHost, limited } from './agent/host.ts';
import { buildLeast } from './agent/leastStart.ts';
import { childrenOf, footprintOf } from './agent/process.ts';
import { RawSwitch } from './agent/rawSwitch.ts';
import { addPorts } from './ports.ts';
import { keepResults } from './results.ts';
import { measure, row, type Spread } from './stats.ts';

const ports = Number(process.argv[2] ?? 1_000);
const idleSeconds = Number(process.argv[3] ?? 60);
const changes = 200;
const kbps = 50_000;
/** What the last change left to collect is not idle time. */
const settleMs = 10_000;

const builtIn = (data: string): string => join(data, 'built');
const agentIn = (data: string): string => join(builtIn(data), 'sluice-agent.js');
const leastIn = (data: string): string => join(builtIn(data), 'least');

/** Share of a core, and memory. */
interface Footprint {
  readonly percent: number;
  readonly residentMiB: number;
}

type Idle = Readonly<Record<'agent' | "agent's children" | 'vswitchd', Footprint>>;

await withLab(async ({ data, ovs }) => {
  await buildPackage(builtIn(data));
  await buildLeast(leastIn(data));
  await using raw = new RawSwitch(ovs);
  const one = await withHost(ovs, data, 'one', async (host) => {
    const portIds = await addPorts(ovs, 1, 'alone');
    await host.startAgent(portIds.map((portId) => limited(portId, ['EGRESS'], kbps)));
    return changeOne(host, portIds);
  });
  await raw.clear();
  const portIds = await addPorts(ovs, ports);
  const programs = { agent: agentIn(data), least: join(leastIn(data), 'least.js') };
  const start = { raw, ovs, data, programs, portIds, kbps };
  const queues = await coldStart({ ...start, direction: 'INGRESS' });
  const meters = await coldStart({ ...start, direction: 'EGRESS' });
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
    coldHead(ports),
    coldRow('by queues (INGRESS)', queues),
    leastRow('  of the least program that could', queues),
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
  const dir = join(data, name);
  await using host = await BenchHost.start({ ovs, program: agentIn(data), dir });
  return await use(host);
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

function idleHead(what: string): string {
  return `${what.padEnd(52)}   % core      MiB`;
}

function idleRow(who: string, { percent, residentMiB }: Footprint): string {
  return `${who.padEnd(52)} ${percent.toFixed(2).padStart(8)} ${residentMiB.toFixed(0).padStart(8)}`;
}
