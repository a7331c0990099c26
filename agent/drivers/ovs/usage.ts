import type { MeterStats } from '../../openflow/meters.ts';
import type { Usage } from '../driver.ts';
import type { Aim, Check, OvsPlan } from './aims.ts';
import { directionKey } from './apply.ts';
import type { BridgeLinks } from './bridgeLinks.ts';
import type { Counters } from './counters.ts';
import { htbCounters, meterCounters, policeCounters, sum } from './counters.ts';
import { CountingTimes } from './countingTimes.ts';
import { readDevices } from './deviceReadings.ts';
import { deviceKey } from './judge.ts';
import type { DeviceQuestion, TcReader } from './tc.ts';

export interface CountedAt {
  readonly tc: TcReader;
  readonly links: BridgeLinks;
  readonly isUserspace: (bridge: string) => boolean;
  readonly nowMs: () => number;
  /** Hears what tc printed of the devices of some limits, by `deviceKey`. */
  readonly onRead: (aims: readonly Aim[], devices: ReadonlyMap<string, string>) => void;
}

/** Few enough that what tc prints of them is garbage while it is young, and many enough that tc is not waited for often. */
const pieceLimits = 250;

/** A limit that is to hold for a rule. */
interface Limit {
  /** Its `directionKey`. */
  readonly key: string;
  readonly aim: Extract<Aim, { kind: 'enforced' }>;
  readonly ruleId: string;
}

/** What was read of all places that count. */
interface Readings {
  readonly devices: ReadonlyMap<string, string>;
  /** By bridge and meter id. */
  readonly meters: ReadonlyMap<string, ReadonlyMap<number, MeterStats>>;
}

/** Reads what limits counted, from the very places where they are read back. */
export class UsageReader {
  readonly #from: CountedAt;
  readonly #times = new CountingTimes();
  #limits: readonly Limit[] = [];

  constructor(from: CountedAt) {
    this.#from = from;
  }

  /** The plan was applied, beginning at `atMs`. */
  applied({ changes }: OvsPlan, atMs: number): void {
    this.#times.applied(changes, atMs);
  }

  /** From now on this is what holds. */
  follow({ aims }: OvsPlan): void {
    this.#limits = aims.flatMap((aim) =>
      aim.kind === 'enforced' && aim.ruleId !== null
        ? [{ key: directionKey(aim), aim, ruleId: aim.ruleId }]
        : [],
    );
    this.#times.keep(new Set(this.#limits.map(({ key }) => key)));
  }

  /** One question a bridge, and one a device with a queue or a policer; what tc prints is done with piece by piece. */
  async read(): Promise<readonly Usage[]> {
    const startMs = this.#from.nowMs();
    const limits = this.#limits;
    const { tc, onRead } = this.#from;
    const [shared, meters] = await Promise.all([
      readDevices(
        tc,
        limits.flatMap(({ aim }) => aim.checks.flatMap(sharedQuestions)),
      ),
      this.#readMeters(new Set(limits.flatMap(({ aim }) => aim.checks.flatMap(meteredBridge)))),
    ]);
    const usage: Usage[] = [];
    for (let start = 0; start < limits.length; start += pieceLimits) {
      const piece = limits.slice(start, start + pieceLimits);
      const own = await readDevices(
        tc,
        piece.flatMap(({ aim }) => aim.checks.flatMap(ownQuestions)),
      );
      const devices = new Map([...shared, ...own]);
      onRead(
        piece.map(({ aim }) => aim),
        devices,
      );
      this.#count(piece, { devices, meters }, usage);
    }
    this.#times.forgetBefore(startMs);
    return usage;
  }

  #count(limits: readonly Limit[], readings: Readings, usage: Usage[]): void {
    const nowMs = this.#from.nowMs();
    for (const limit of limits) {
      const counters = countersOf(limit.aim.checks, readings, this.#from.isUserspace);
      if (!counters) continue;
      const beganMs = this.#times.sampled(limit.key, counters.packets, nowMs);
      usage.push(usageOf(limit, counters, beganMs === null ? null : nowMs - beganMs));
    }
  }

  async #readMeters(bridges: ReadonlySet<string>): Promise<Readings['meters']> {
    const read = [...bridges].map(async (bridge) => {
      const stats = (await this.#from.links.get(bridge)?.meterStats()) ?? [];
      return [bridge, new Map(stats.map((meter) => [meter.id, meter]))] as const;
    });
    return new Map(await Promise.all(read));
  }
}

/** Null where nothing counts: a mark alone does not, and what is not there (yet) cannot. */
function countersOf(
  checks: readonly Check[],
  { devices, meters }: Readings,
  isUserspace: (bridge: string) => boolean,
): Counters | null {
  const metered = checks.filter((check) => check.kind === 'meter');
  if (metered.length > 0) {
    return meterCounters(metered.map(({ bridge, meter }) => meters.get(bridge)?.get(meter.id)));
  }
  for (const check of checks) {
    if (check.kind === 'htb') {
      const text = devices.get(deviceKey(check.device, 'classes')) ?? '';
      return htbCounters(text, 0, isUserspace(check.bridge));
    }
    if (check.kind === 'police') {
      return policeCounters(devices.get(deviceKey(check.device, 'filters')) ?? '');
    }
  }
  return guaranteedCounters(checks, devices);
}

/** A port that is guaranteed a rate and limited by nothing is counted where it leaves the host, by whichever link. */
function guaranteedCounters(
  checks: readonly Check[],
  devices: Readings['devices'],
): Counters | null {
  const counted = checks.flatMap((check) => {
    if (check.kind !== 'guarantee') return [];
    const text = devices.get(deviceKey(check.device, 'classes')) ?? '';
    return [htbCounters(text, check.queueId, false)];
  });
  return counted.length > 0 ? sum(counted) : null;
}

/** Physical ports have the queues of many. */
const sharedQuestions = (check: Check): DeviceQuestion[] =>
  check.kind === 'guarantee' ? [{ device: check.device, show: 'classes' }] : [];

function ownQuestions(check: Check): DeviceQuestion[] {
  if (check.kind === 'htb') return [{ device: check.device, show: 'classes' }];
  if (check.kind === 'police') return [{ device: check.device, show: 'filters' }];
  return [];
}

function meteredBridge(check: Check): string[] {
  return check.kind === 'meter' ? [check.bridge] : [];
}

function usageOf(
  { aim: { portId, direction }, ruleId }: Limit,
  { bytes, packets, droppedBytes, droppedPackets }: Counters,
  countedMs: number | null,
): Usage {
  return { portId, direction, ruleId, bytes, packets, droppedBytes, droppedPackets, countedMs };
}
