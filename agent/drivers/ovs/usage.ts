import type { MeterStats } from '../../openflow/meters.ts';
import type { Usage } from '../driver.ts';
import type { Aim, Check, OvsPlan } from './aims.ts';
import { directionKey } from './apply.ts';
import type { BridgeLinks } from './bridgeLinks.ts';
import type { Counters } from './counters.ts';
import { htbCounters, meterCounters, policeCounters, sum } from './counters.ts';
import { CountingTimes } from './countingTimes.ts';
import { deviceKey } from './judge.ts';
import type { DeviceQuestion, TcReader } from './tc.ts';

export interface CountedAt {
  readonly tc: TcReader;
  readonly links: BridgeLinks;
  readonly isUserspace: (bridge: string) => boolean;
  readonly nowMs: () => number;
  /** Hears what tc printed, by `deviceKey`. */
  readonly onRead: (devices: ReadonlyMap<string, string>) => void;
}

/** A limit that is to hold for a rule. */
interface Limit {
  readonly aim: Aim;
  readonly ruleId: string;
  readonly checks: readonly Check[];
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
        ? [{ aim, ruleId: aim.ruleId, checks: aim.checks }]
        : [],
    );
    this.#times.keep(new Set(this.#limits.map(({ aim }) => directionKey(aim))));
  }

  /** One question a bridge, and one a device with a queue or a policer. */
  async read(): Promise<readonly Usage[]> {
    const limits = this.#limits;
    const checks = limits.flatMap((limit) => limit.checks);
    const [devices, meters] = await Promise.all([
      this.#readDevices(checks.flatMap(questionsOf)),
      this.#readMeters(new Set(checks.flatMap(meteredBridge))),
    ]);
    this.#from.onRead(devices);
    const nowMs = this.#from.nowMs();
    const found = limits.flatMap((limit) => this.#count(limit, { devices, meters }));
    const began = this.#times.sampled(
      new Map(found.map(({ limit, counters }) => [directionKey(limit.aim), counters.packets])),
      nowMs,
    );
    return found.map(({ limit, counters }) => {
      const beganMs = began.get(directionKey(limit.aim)) ?? null;
      return usageOf(limit, counters, beganMs === null ? null : nowMs - beganMs);
    });
  }

  #count(limit: Limit, readings: Readings): { limit: Limit; counters: Counters }[] {
    const counters = countersOf(limit.checks, readings, this.#from.isUserspace);
    return counters ? [{ limit, counters }] : [];
  }

  async #readDevices(questions: readonly DeviceQuestion[]): Promise<Map<string, string>> {
    if (questions.length === 0) return new Map();
    const answers = await this.#from.tc.ask(questions);
    return new Map(
      questions.map(({ device, show }, index) => [deviceKey(device, show), answers[index] ?? '']),
    );
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

function questionsOf(check: Check): DeviceQuestion[] {
  if (check.kind === 'htb' || check.kind === 'guarantee')
    return [{ device: check.device, show: 'classes' }];
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
