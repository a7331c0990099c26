import { expect } from 'vitest';
import type { Desired, DirectionResult } from '../../../../../agent/drivers/driver.ts';
import type {
  Direction,
  PortLimitFieldsFragment as PortLimit,
} from '../../../../../schema/generated/graphql.ts';
import { queueMostKbps } from '../../../../support/ovsVersion.ts';
import { heldOn, keyOf, type Place, placesOf } from './limits.ts';
import type { FullReading } from './reading.ts';

/** What has to come of one direction of a port: said by the rule and by what is on the switch, not by the driver. */
export interface Expected {
  readonly portId: string;
  readonly direction: Direction;
  readonly status: DirectionResult['status'];
  readonly message: RegExp | null;
  /** Null: nothing has to be held, whatever is there. */
  readonly held: {
    readonly kbps: number | null;
    readonly pktps: number | null;
    readonly dscp: number | null;
  } | null;
  readonly place: Place | null;
}

type Verdict = Pick<Expected, 'status' | 'message' | 'held'>;

/** ovs-vswitchd.conf.db(5): what a queue of this Open vSwitch holds. */
const queueKbps = { least: 12, most: queueMostKbps };
/** As much of its rate as the kernel keeps in a queue's bucket, in 32 bits of 64 ns, less a reserve. */
const queueSeconds = 256;
/** One packet of 1500 bytes with its Ethernet header and a VLAN tag, in kilobits. */
const packetKbit = 13;
const noHold = { kbps: null, pktps: null, dscp: null };

export function expectedOn(before: FullReading, desired: Desired): Expected[] {
  const places = placesOf(before.rows);
  return [...desired.values()].flatMap(({ portId, ingress, egress }) => {
    const at = places.get(portId) ?? [];
    const of = (direction: Direction, limit: PortLimit | null, judge: Judge): Expected[] => {
      if (!limit) return [];
      const place = at.length === 1 ? (at[0] ?? null) : null;
      return [{ portId, direction, place, ...(placeless(at) ?? judge(limit, at[0]!, before)) }];
    };
    return [...of('INGRESS', ingress, judgeIngress), ...of('EGRESS', egress, judgeEgress)];
  });
}

type Judge = (limit: PortLimit, place: Place, before: FullReading) => Verdict;

function placeless(places: readonly Place[]): Verdict | null {
  const [place, ...others] = places;
  if (others.length > 0)
    return fails(
      new RegExp(
        places
          .map((each) => each.interface.name)
          .sort()
          .join(' and '),
      ),
    );
  if (!place) return { status: 'WAITING_FOR_PORT', message: /not plugged/, held: null };
  if ((place.interface.ofport ?? 0) > 0) return null;
  return { status: 'WAITING_FOR_PORT', message: /could not open/, held: null };
}

function judgeIngress(
  limit: PortLimit,
  { port, interface: row }: Place,
  { rows }: FullReading,
): Verdict {
  if (row.type === 'internal') return fails(/of type internal/);
  if (port.interfaces.size > 1) return fails(/bonds 2 interfaces/);
  if (limit.maxKbps === null) return fails(/Nothing of this rule/);
  const foreign = port.qos === null ? undefined : rows.QoS.get(port.qos);
  if (foreign && !foreign.external_ids.has('sluice-port')) return fails(new RegExp(foreign._uuid));
  const kbps = Math.min(Math.max(limit.maxKbps, queueKbps.least), queueKbps.most);
  const beyond = [limit.maxKpps, limit.minKbps, limit.dscpMark].some((each) => each !== null);
  const isTooLarge = (limit.maxBurstKbps ?? 0) > kbps * queueSeconds;
  const changed = beyond || kbps !== limit.maxKbps || isTooSmall(limit) || isTooLarge;
  return holds({ ...noHold, kbps }, changed);
}

function judgeEgress(limit: PortLimit): Verdict {
  const { maxKbps: kbps, maxKpps, minKbps, dscpMark: dscp } = limit;
  if (kbps === null && maxKpps === null && dscp === null) return fails(/Nothing of this rule/);
  const pktps = maxKpps === null ? null : maxKpps * 1000;
  return holds({ kbps, pktps, dscp }, minKbps !== null || (kbps !== null && isTooSmall(limit)));
}

function isTooSmall({ maxBurstKbps }: PortLimit): boolean {
  return maxBurstKbps !== null && maxBurstKbps < packetKbit;
}

function holds(held: Expected['held'], changed: boolean): Verdict {
  return { status: changed ? 'DEGRADED' : 'APPLIED', message: changed ? /./ : null, held };
}

function fails(message: RegExp): Verdict {
  return { status: 'FAILED', message, held: null };
}

/** The driver says of each direction what has to be said. */
export function expectResults(
  results: readonly DirectionResult[],
  expected: readonly Expected[],
): void {
  for (const { portId, direction, status, message } of expected) {
    const said = results.filter((each) => each.portId === portId && each.direction === direction);
    expect(said, `${direction} of ${portId} is said once`).toHaveLength(1);
    expect(said[0], `${direction} of ${portId}`).toMatchObject({
      status,
      message: message ? expect.stringMatching(message) : null,
    });
  }
  const removed = results.filter(({ ruleId }) => ruleId === null);
  expect(
    removed.filter(({ status }) => status !== 'APPLIED'),
    'what could not be removed',
  ).toEqual([]);
}

/** What can be held is held, in the database, in the bridge and in the kernel. */
export function expectHeld(after: FullReading, expected: readonly Expected[]): void {
  const found = heldOn(after);
  for (const { portId, direction, held, place } of expected) {
    if (!held) continue;
    const is = found.get(keyOf(portId, direction));
    const rates = {
      kbps: is?.kbps?.rate ?? null,
      pktps: is?.pktps?.rate ?? null,
      dscp: is?.dscp ?? null,
    };
    expect(rates, `${direction} of ${portId}`).toEqual(held);
    if (direction === 'EGRESS' || !place) continue;
    const kernelKbps = after.kernelKbps.get(place.interface.name) ?? 0;
    expect(
      Math.abs(kernelKbps - (held.kbps ?? 0)),
      `${place.interface.name} in the kernel: ${kernelKbps}`,
    ).toBeLessThanOrEqual(Math.max(1, (held.kbps ?? 0) * 0.002));
  }
}
