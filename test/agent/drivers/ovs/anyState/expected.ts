import { expect } from 'vitest';
import type { Desired, DirectionResult } from '../../../../../agent/drivers/driver.ts';
import type { Database, PortRow, QosRow } from '../../../../../agent/drivers/ovs/tables.ts';
import type {
  Direction,
  PortLimitFieldsFragment as PortLimit,
} from '../../../../../schema/generated/graphql.ts';
import { queueMostKbps } from '../../../../support/ovsVersion.ts';
import type { Datapath, EgressMechanism, Mechanism, Uplink } from './datapaths.ts';
import { deviceOf } from './lab.ts';
import { type Held, heldOn, keyOf, type Place, placesOf, waysOut } from './limits.ts';
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
    readonly least: Held['least'];
  } | null;
  /** By what EGRESS is held to a rate; null: to none. */
  readonly by: 'policer' | 'meter' | null;
}

/** By what it has to be held. */
export function mechanismsOf({ direction, held, by }: Expected): Mechanism[] {
  if (direction === 'INGRESS') return held ? ['queue'] : [];
  return [...(by ? [by] : []), ...(held?.least ? (['guarantee'] as const) : [])];
}

type Verdict = Pick<Expected, 'status' | 'message' | 'held' | 'by'>;

/** ovs-vswitchd.conf.db(5): what a queue of this Open vSwitch holds. */
const queueKbps = { least: 12, most: queueMostKbps };
/** As much of its rate as the kernel keeps in a queue's bucket, in 32 bits of 64 ns, less a reserve. */
const queueSeconds = 256;
/** ovs lib/netdev-linux.c caps a policer's bucket so that its bits have 32 bits. */
const policerBurstMostKbps = 4_194_303;
/** One packet of 1500 bytes with its Ethernet header and a VLAN tag, in kilobits. */
const packetKbit = 13;
const noHold = { kbps: null, pktps: null, dscp: null, least: null };

/** What all ports are judged by. */
interface Scene {
  readonly rows: Database;
  readonly mechanism: EgressMechanism;
  readonly uplinks: readonly Uplink[];
  /** What all guarantees on each way out add up to. */
  readonly guaranteedKbps: number;
}

export function expectedOn(
  { rows }: FullReading,
  desired: Desired,
  mechanism: EgressMechanism,
  { uplinks }: Datapath,
): Expected[] {
  const names = new Set(waysOut(rows).map(({ port }) => port.name));
  const scene = {
    rows,
    mechanism,
    uplinks: uplinks.filter(({ port }) => names.has(deviceOf(port))),
  };
  const guaranteedKbps = expectedIn({ ...scene, guaranteedKbps: 0 }, desired)
    .map(({ held }) => Math.max(0, ...Object.values(held?.least ?? {}).map(Number)))
    .reduce((sum, kbps) => sum + kbps, 0);
  return expectedIn({ ...scene, guaranteedKbps }, desired);
}

function expectedIn(scene: Scene, desired: Desired): Expected[] {
  const places = placesOf(scene.rows);
  return [...desired.values()].flatMap(({ portId, ingress, egress }) => {
    const at = places.get(portId) ?? [];
    const of = (direction: Direction, limit: PortLimit | null, judge: Judge): Expected[] =>
      limit ? [{ portId, direction, ...(placeless(at) ?? judge(limit, at[0]!, scene)) }] : [];
    return [...of('INGRESS', ingress, judgeIngress), ...of('EGRESS', egress, judgeEgress)];
  });
}

type Judge = (limit: PortLimit, place: Place, scene: Scene) => Verdict;

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
  if (!place) return waits(/not plugged/);
  return (place.interface.ofport ?? 0) > 0 ? null : waits(/could not open/);
}

function judgeIngress(limit: PortLimit, { port, interface: row }: Place, { rows }: Scene): Verdict {
  if (row.type === 'internal') return fails(/of type internal/);
  if (port.interfaces.size > 1) return fails(/bonds 2 interfaces/);
  if (limit.maxKbps === null) return fails(/Nothing of this rule/);
  const foreign = foreignQos(port, rows);
  if (foreign) return fails(new RegExp(foreign._uuid));
  const kbps = Math.min(Math.max(limit.maxKbps, queueKbps.least), queueKbps.most);
  const beyond = [limit.maxKpps, limit.minKbps, limit.dscpMark].some((each) => each !== null);
  const isTooLarge = (limit.maxBurstKbps ?? 0) > kbps * queueSeconds;
  const changed = beyond || kbps !== limit.maxKbps || isTooSmall(limit) || isTooLarge;
  return holds({ ...noHold, kbps }, null, changed);
}

function judgeEgress(limit: PortLimit, place: Place, scene: Scene): Verdict {
  const { dscpMark: dscp, minKbps } = limit;
  const rate = expectRate(limit, place, scene);
  const least = expectLeast(limit, scene);
  if (rate.by === null && dscp === null && least === null) return fails(/Nothing of this rule/);
  if (rate.by === 'policer' && isPolicedByOthers(place)) return fails(/not Sluice's/);
  const isLess =
    minKbps !== null &&
    (least === null ||
      Object.values(least).some((kbps) => kbps !== minKbps) ||
      scene.uplinks.some(({ kbps }) => scene.guaranteedKbps > kbps));
  const { kbps, pktps } = rate;
  return holds({ kbps, pktps, dscp, least }, rate.by, rate.changed || isLess);
}

/** By what a rate is held, and what of it. */
function expectRate(limit: PortLimit, place: Place, { mechanism }: Scene): Rate {
  const { maxKbps, maxKpps, maxBurstKbps } = limit;
  const none = { by: null, kbps: null, pktps: null };
  if (maxKbps === null && maxKpps === null) return { ...none, changed: false };
  // Of an internal port the kernel polices what comes to it.
  const canPolice = !place.isUserspace && place.interface.type !== 'internal';
  const isMet = mechanism === 'auto' && (!canPolice || (maxKbps !== null && maxKpps !== null));
  const pktps = maxKpps === null ? null : maxKpps * 1000;
  if (isMet || mechanism === 'openflow_meter') {
    return { by: 'meter', kbps: maxKbps, pktps, changed: maxKbps !== null && isTooSmall(limit) };
  }
  if (!canPolice) return { ...none, changed: true };
  if (maxKbps === null) return { by: 'policer', kbps: null, pktps, changed: false };
  const kbps = Math.min(maxKbps, queueKbps.most);
  const burstMostKbps = Math.min(policerBurstMostKbps, kbps * queueSeconds);
  const isOff = kbps !== maxKbps || isTooSmall(limit) || (maxBurstKbps ?? 0) > burstMostKbps;
  // A policer of the kernel's counts bits or packets.
  return { by: 'policer', kbps, pktps: null, changed: isOff || pktps !== null };
}

interface Rate extends Pick<Expected, 'by'> {
  readonly kbps: number | null;
  readonly pktps: number | null;
  readonly changed: boolean;
}

/** On each way out the same; null: nothing. */
function expectLeast({ minKbps }: PortLimit, { rows, uplinks }: Scene): Held['least'] {
  const isForeign = waysOut(rows).some(({ port }) => foreignQos(port, rows));
  if (minKbps === null || uplinks.length === 0 || isForeign) return null;
  const most = Math.min(...uplinks.map(({ kbps }) => kbps));
  const kbps = Math.min(Math.max(minKbps, queueKbps.least), most);
  return Object.fromEntries(uplinks.map(({ port }) => [deviceOf(port), kbps]));
}

function isPolicedByOthers({ interface: row }: Place): boolean {
  const isPoliced = row.ingress_policing_rate > 0 || row.ingress_policing_kpkts_rate > 0;
  return isPoliced && !row.external_ids.has('sluice-policing');
}

/** Whatever of Sluice's is where it does not belong is taken away, and in nobody's way. */
function foreignQos(port: PortRow, rows: Database): QosRow | null {
  const row = rows.QoS.get(port.qos ?? port._uuid);
  const isOurs = row?.external_ids.has('sluice-port') || row?.external_ids.has('sluice-physical');
  return row && !isOurs ? row : null;
}

function isTooSmall({ maxBurstKbps }: PortLimit): boolean {
  return maxBurstKbps !== null && maxBurstKbps < packetKbit;
}

function holds(held: Expected['held'], by: Expected['by'], changed: boolean): Verdict {
  return { status: changed ? 'DEGRADED' : 'APPLIED', message: changed ? /./ : null, held, by };
}

function fails(message: RegExp): Verdict {
  return { status: 'FAILED', message, held: null, by: null };
}

function waits(message: RegExp): Verdict {
  return { status: 'WAITING_FOR_PORT', message, held: null, by: null };
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
  for (const { portId, direction, held } of expected) {
    if (!held) continue;
    const is = found.get(keyOf(portId, direction));
    const rates = {
      kbps: is?.kbps?.rate ?? null,
      pktps: is?.pktps?.rate ?? null,
      dscp: is?.dscp ?? null,
      least: is?.least ?? null,
    };
    expect(rates, `${direction} of ${portId}`).toEqual(held);
  }
}
