import { expect } from 'vitest';
import type { Direction } from '../../schema/generated/graphql.ts';
import type { Endpoint } from '../../scripts/lab/traffic.ts';
import { eventually } from '../support/eventually.ts';
import type { Guest } from './guest.ts';
import type { Port } from './kernelSwitch.ts';

const metricsAddress = '127.0.0.1:9464';

/** With which the agent in the guest serves what `expectCounted` reads. */
export const metricsServed = { SLUICE_METRICS_LISTEN: metricsAddress };

/** What a mechanism tells of what it let pass and dropped. */
export type Told = readonly (keyof Counted)[];

interface Counted {
  readonly passedBytes: number;
  readonly passedPackets: number;
  readonly droppedBytes: number;
  readonly droppedPackets: number;
}

export interface Measured {
  readonly guest: Guest;
  readonly port: Port;
  readonly direction: Direction;
  readonly from: Endpoint;
  readonly to: Endpoint;
}

/** A few of a namespace's own, ARP's for one, come while the two are read. */
const tolerated = { packets: 20, bytes: 20 * 1_514 };

/**
 * While the traffic runs, the agent's metrics count what the devices at both ends do: what arrived has passed, and
 * what was sent and did not arrive was dropped. What the mechanism does not tell has no series.
 */
export async function expectCounted(
  { guest, port, direction, from, to }: Measured,
  told: Told,
  traffic: () => Promise<void>,
): Promise<void> {
  const read = async () => {
    const [counted, sent, received] = await Promise.all([
      readMetrics(guest, port, direction),
      deviceCounts(from, 'tx'),
      deviceCounts(to, 'rx'),
    ]);
    return { counted, sent, received };
  };
  const before = await eventually(
    async () => {
      const first = await read();
      expect(Object.keys(first.counted).toSorted()).toEqual([...told].toSorted());
      return first;
    },
    { timeoutMs: 20_000, intervalMs: 500 },
  );
  await traffic();
  await eventually(
    async () => {
      const now = await read();
      const truth = difference(outcome(now), outcome(before));
      const counted = difference(now.counted, before.counted);
      console.log(`${direction} counted`, counted, 'and both ends saw', truth);
      for (const name of told) {
        const unit = name.endsWith('Bytes') ? 'bytes' : 'packets';
        expect(Math.abs((counted[name] ?? 0) - (truth[name] ?? 0))).toBeLessThan(tolerated[unit]);
      }
      expect(counted.droppedPackets).toBeGreaterThan(100);
    },
    { timeoutMs: 20_000, intervalMs: 1_000 },
  );
}

interface Counts {
  readonly bytes: number;
  readonly packets: number;
}

function outcome({ sent, received }: { readonly sent: Counts; readonly received: Counts }) {
  return {
    passedBytes: received.bytes,
    passedPackets: received.packets,
    droppedBytes: sent.bytes - received.bytes,
    droppedPackets: sent.packets - received.packets,
  };
}

function difference(now: Partial<Counted>, before: Partial<Counted>): Partial<Counted> {
  return Object.fromEntries(
    Object.entries(now).map(([name, count]) => [
      name,
      count - (before[name as keyof Counted] ?? 0),
    ]),
  );
}

const sample =
  /^sluice_agent_limit_(passed|dropped)_(bytes|packets)_total\{port="([^"]+)",direction="([A-Z]+)"\} (\d+)$/gm;

/** How often the agent has put right what somebody had changed. */
export async function repairsCounted(guest: Guest, mechanism: string): Promise<number> {
  const series = `sluice_agent_drift_repairs_total{mechanism="${mechanism}"} `;
  const line = (await scrape(guest)).split('\n').find((text) => text.startsWith(series));
  return Number(line?.slice(series.length) ?? 0);
}

function scrape(guest: Guest): Promise<string> {
  return guest.succeed(`/busybox wget -qO- http://${metricsAddress}/metrics`);
}

async function readMetrics(
  guest: Guest,
  { portId }: Port,
  direction: Direction,
): Promise<Partial<Counted>> {
  const text = await scrape(guest);
  return Object.fromEntries(
    [...text.matchAll(sample)].flatMap(([, what, unit, of, way, count]) =>
      of === portId && way === direction
        ? [[`${what}${unit === 'bytes' ? 'Bytes' : 'Packets'}`, Number(count)]]
        : [],
    ),
  );
}

/** Of the device at this end; the sender's are counted before anything limits them. */
async function deviceCounts({ netns, runIn }: Endpoint, way: 'rx' | 'tx'): Promise<Counts> {
  if (!runIn) throw new Error(`${netns} is not in the guest.`);
  const shown = await runIn(netns, 'ip', ['-json', '-statistics', 'link', 'show', 'eth0']);
  const [link] = JSON.parse(shown) as [{ readonly stats64: Record<'rx' | 'tx', Counts> }];
  return link.stats64[way];
}
