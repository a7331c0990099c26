import { join } from 'node:path';
import type { Direction } from '../../schema/generated/graphql.ts';
import type { PrivateSwitch } from '../../scripts/privateSwitch.ts';
import { BenchHost, limited, type PortQos, type Start } from './host.ts';
import { startLeast } from './leastStart.ts';
import type { RawSwitch } from './rawSwitch.ts';

const rounds = 5;
const mostMs = 60_000;

export interface ColdStartOptions {
  readonly raw: RawSwitch;
  readonly ovs: PrivateSwitch;
  /** Where the programs keep what they keep. */
  readonly data: string;
  readonly programs: { readonly agent: string; readonly least: string };
  readonly portIds: readonly string[];
  readonly direction: Direction;
  readonly kbps: number;
}

/**
 * Raw: the same rows in one transaction until vswitchd has followed, or as many meters and flows over one connection
 * until its barrier. The agent's begins with its process, and is looked at from outside of it: `holdsMs` until the
 * switch has all, as raw ends, and `totalMs` until it has read all back and the stand-in feed has its report.
 */
export interface ColdStart extends Start {
  readonly rawMs: number;
  readonly holdsMs: number;
  /** Until the switch has what the least program wrote (agent/leastAgent.ts). */
  readonly leastMs: number | null;
}

/** The middle one of some starts from an empty switch, and what the switch takes when it is told the same raw. */
export async function coldStart(options: ColdStartOptions): Promise<ColdStart> {
  const { raw, direction } = options;
  const rawMs: number[] = [];
  const leastMs: number[] = [];
  const starts: (Start & Pick<ColdStart, 'holdsMs'>)[] = [];
  for (let round = 0; round < rounds; round += 1) {
    rawMs.push(await rawOnce(options));
    await raw.clear();
    if (direction === 'INGRESS') leastMs.push(await leastOnce(options));
    await raw.clear();
    starts.push(await agentOnce(options));
    await raw.clear();
  }
  const [start = { bootMs: 0, holdsMs: 0, totalMs: 0 }] = middle(starts, ({ holdsMs }) => holdsMs);
  const [rawMiddle = 0] = middle(rawMs, (ms) => ms);
  const [leastMiddle = null] = middle(leastMs, (ms) => ms);
  return { rawMs: rawMiddle, leastMs: leastMiddle, ...start };
}

async function rawOnce({ raw, portIds, direction, kbps }: ColdStartOptions): Promise<number> {
  const startedAt = performance.now();
  if (direction === 'INGRESS') await raw.queues(namesOf(portIds), kbps);
  else await raw.meters(portIds.length, kbps);
  return performance.now() - startedAt;
}

async function leastOnce(options: ColdStartOptions): Promise<number> {
  const { ovs, programs, data } = options;
  const startedAt = performance.now();
  const holds = allHold(options);
  const least = { ovs, program: programs.least, dir: join(data, 'least') };
  await using _running = await startLeast(least, wantedOf(options));
  await holds;
  return performance.now() - startedAt;
}

async function agentOnce(options: ColdStartOptions) {
  const { ovs, programs, data, direction } = options;
  const agent = { ovs, program: programs.agent, dir: join(data, direction) };
  await using host = await BenchHost.start(agent);
  const startedAt = performance.now();
  const holds = allHold(options).then(() => performance.now() - startedAt);
  const [start, holdsMs] = await Promise.all([host.startAgent(wantedOf(options)), holds]);
  return { ...start, holdsMs };
}

/** Resolves once the switch has all, whoever wrote it; rejects where that takes too long. */
function allHold({ raw, portIds, direction }: ColdStartOptions): Promise<void> {
  const overdue = Promise.withResolvers<void>();
  AbortSignal.timeout(mostMs).addEventListener('abort', () =>
    overdue.reject(new Error(`The switch has not got all limits within ${mostMs} ms.`)),
  );
  const holds =
    direction === 'INGRESS'
      ? raw.haveQueues(namesOf(portIds).keys())
      : raw.haveFlows(portIds.length);
  return Promise.race([holds, overdue.promise]);
}

function wantedOf({ portIds, direction, kbps }: ColdStartOptions): PortQos[] {
  return portIds.map((portId) => limited(portId, [direction], kbps));
}

/** The ports' ids by their names (../ports.ts). */
function namesOf(portIds: readonly string[]): Map<string, string> {
  return new Map(portIds.map((portId, index) => [`bench${index}`, portId]));
}

export function coldHead(ports: number): string {
  return `${`cold start, ${ports} limited ports`.padEnd(52)}   raw ms  boot ms    holds    × raw reported    × raw`;
}

export function coldRow(what: string, { rawMs, totalMs, holdsMs, bootMs }: ColdStart): string {
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

export function leastRow(what: string, { rawMs, leastMs }: ColdStart): string {
  const [ms, ratio] =
    leastMs === null ? ['-', '-'] : [leastMs.toFixed(0), (leastMs / rawMs).toFixed(2)];
  return `${what.padEnd(70)} ${ms.padStart(8)} ${ratio.padStart(8)}`;
}

function middle<T>(values: readonly T[], keyOf: (value: T) => number): T[] {
  const sorted = [...values].sort((a, b) => keyOf(a) - keyOf(b));
  return sorted.slice(Math.floor(sorted.length / 2));
}
