import type { Uuid } from '../../ovsdb/notation.ts';
import type { DirectionResult } from '../driver.ts';
import type { Aim, Check, OvsPlan } from './aims.ts';
import { directionKey, type Failures } from './apply.ts';
import type { BridgeContents } from './bridgeContents.ts';
import type { BridgeLinks } from './bridgeLinks.ts';
import { readDevices } from './deviceReadings.ts';
import {
  type Altered,
  alteredIn,
  type CheckedAim,
  heldIn,
  type Missing,
  missingIn,
  resultOf,
  unread,
} from './findings.ts';
import { deviceKey, type Facts, type Finding, judge } from './judge.ts';
import type { TcReader } from './tc.ts';
import type { DeviceQuestion } from './tcBatch.ts';

/** Where limits are read. */
export interface ReadFrom {
  readonly tc: TcReader;
  readonly links: BridgeLinks;
  readonly nowMs: () => number;
}

export interface ReadBack {
  readonly results: readonly DirectionResult[];
  readonly missing: readonly Missing[];
  /** Ports and interfaces whose queue or policer was seen in the kernel as it was set, */
  readonly held: readonly Uuid[];
  /** and those that have another burst there. */
  readonly altered: readonly Altered[];
}

/** What was read for one direction of a port, and what it comes to. */
interface Reading {
  /** Last confirmed. */
  atMs: number;
  /** Of the links to the bridges: another life of the switch makes it void. */
  readonly generation: number;
  readonly findings: readonly Finding[];
  readonly result: DirectionResult;
  /** What it was last confirmed by, and that sight's version then. */
  sight: Sight | null;
  version: number;
}

/** What tc shows of an aim's devices, as somebody saw it who looked for another reason. */
export interface Sight {
  readonly aim: Aim;
  /** Another number whenever tc shows something else. */
  readonly version: number;
  /** What tc printed of each, by `deviceKey`. */
  devices(): ReadonlyMap<string, string>;
}

/**
 * What others do to queues is heard from the kernel (kernelWatch.ts); for what was not, they are read again when they
 * were confirmed longer ago, which the samples of usage do while a server asks for them. Meters and flows are compared
 * every second by the links, and what others do to them becomes a change.
 */
const confirmedForMs = 45_000;

/** Reads limits back: again only after a change to one, a restart of the switch, or some time. */
export class LimitReader {
  readonly #from: ReadFrom;
  /** By the very aims that they were read for: one that is planned anew is another. */
  #readings = new Map<Aim, Reading>();
  /** Devices that changed in the kernel while the look went on that may show them before. */
  #changedMeanwhile: Set<string> | null = null;

  constructor(from: ReadFrom) {
    this.#from = from;
  }

  async read({ changes, aims }: OvsPlan, failures: Failures): Promise<ReadBack> {
    const touched = new Set(changes.map(directionKey));
    const readings = new Map<Aim, Reading>();
    const due: CheckedAim[] = [];
    for (const aim of aims) {
      if (aim.kind === 'verdict' || isIn(failures, aim)) continue;
      const known = this.#readings.get(aim);
      if (known && !isIn(touched, aim) && this.#isConfirmed(known, aim)) readings.set(aim, known);
      else due.push(aim);
    }
    const { generation } = this.#from.links;
    this.#changedMeanwhile = new Set();
    const facts = await this.#look(due.flatMap(({ checks }) => checks));
    for (const aim of due) readings.set(aim, this.#reading(aim, facts, generation));
    this.#readings = readings;
    const changed = this.#changedMeanwhile;
    this.#changedMeanwhile = null;
    if (changed.size > 0) this.forget(changed);
    const findingsOf = (aim: Aim) => readings.get(aim)?.findings ?? [];
    return {
      results: aims.map((aim) => readings.get(aim)?.result ?? unread(aim, failures)),
      missing: due.flatMap((aim) => missingIn(aim, findingsOf(aim))),
      held: due.flatMap((aim) => heldIn(aim, findingsOf(aim))),
      altered: due.flatMap((aim) => alteredIn(aim, findingsOf(aim))),
    };
  }

  /** These devices, null: all, changed in the kernel: what was read of them is read again. False: nothing was. */
  forget(devices: ReadonlySet<string> | null): boolean {
    const isRead = (aim: Aim) =>
      aim.kind !== 'verdict' &&
      aim.checks.some((check) => 'device' in check && (devices?.has(check.device.name) ?? true));
    const kept = [...this.#readings].filter(([aim]) => !isRead(aim));
    const forgot = kept.length < this.#readings.size;
    if (forgot) this.#readings = new Map(kept);
    if (this.#changedMeanwhile === null) return forgot;
    for (const device of devices ?? []) this.#changedMeanwhile.add(device);
    return true;
  }

  /**
   * What tc shows of these aims' devices just now: what it shows as before is confirmed, and need not be asked for again
   * soon. True where it shows something else: that is forgotten, and to be looked at.
   */
  confirm(sights: readonly Sight[]): boolean {
    const atMs = this.#from.nowMs();
    let isDifferent = false;
    for (const sight of sights) {
      const reading = this.#readings.get(sight.aim);
      if (!reading) continue;
      const seen = isKnownFrom(sight, reading) || seenAgain(sight.aim, reading, sight.devices());
      if (seen) Object.assign(reading, { atMs, sight, version: sight.version });
      if (seen !== false) continue;
      this.#readings.delete(sight.aim);
      isDifferent = true;
    }
    return isDifferent;
  }

  #isConfirmed({ generation, atMs, findings }: Reading, { checks }: CheckedAim): boolean {
    return (
      generation === this.#from.links.generation &&
      (this.#from.nowMs() - atMs < confirmedForMs || checks.every(isOpenFlow)) &&
      findings.every(({ fault }) => fault === null)
    );
  }

  #reading(aim: CheckedAim, facts: Facts, generation: number): Reading {
    const findings = aim.checks.map((check) => judge(check, facts));
    return {
      atMs: this.#from.nowMs(),
      generation,
      findings,
      result: resultOf(aim, findings),
      sight: null,
      version: 0,
    };
  }

  async #look(checks: readonly Check[]): Promise<Facts> {
    const [devices, bridges] = await Promise.all([
      readDevices(this.#from.tc, checks.flatMap(questionsOf)),
      this.#readBridges(checks),
    ]);
    return { devices, bridges };
  }

  async #readBridges(checks: readonly Check[]): Promise<Map<string, BridgeContents>> {
    const wanted = new Map<string, { meterIds: Set<number>; cookies: Set<bigint> }>();
    for (const check of checks) {
      if (!isOpenFlow(check)) continue;
      const { meterIds, cookies } = wanted.get(check.bridge) ?? {
        meterIds: new Set(),
        cookies: new Set(),
      };
      if (check.kind === 'meter') meterIds.add(check.meter.id);
      else if (check.kind === 'meterAbsent') meterIds.add(check.meterId);
      else cookies.add(check.flow.cookie);
      wanted.set(check.bridge, { meterIds, cookies });
    }
    const contents = [...wanted].map(async ([bridge, { meterIds, cookies }]) => {
      const connected = this.#from.links.connected(bridge);
      return [bridge, await connected.read([...meterIds], [...cookies])] as const;
    });
    return new Map(await Promise.all(contents));
  }
}

/** Whether tc has shown nothing else since this very reading was confirmed by it. */
function isKnownFrom(sight: Sight, reading: Reading): boolean {
  return reading.sight === sight && reading.version === sight.version;
}

/** Whether all that acts in the kernel is as it was read; null: not all of it is shown. */
function seenAgain(
  aim: Aim,
  { findings }: Reading,
  devices: ReadonlyMap<string, string>,
): boolean | null {
  if (aim.kind === 'verdict' || aim.checks.every(isOpenFlow)) return null;
  const facts = { devices, bridges: new Map() };
  for (const [index, check] of aim.checks.entries()) {
    if (isOpenFlow(check)) continue;
    if (!questionsOf(check).every(({ device, show }) => devices.has(deviceKey(device, show)))) {
      return null;
    }
    const { fault, burstKbps } = judge(check, facts);
    const before = findings[index];
    if (fault !== before?.fault || burstKbps !== before.burstKbps) return false;
  }
  return true;
}

/** Whether the direction is named: mostly nothing is. */
function isIn(keys: ReadonlySet<string> | ReadonlyMap<string, unknown>, aim: Aim): boolean {
  return keys.size > 0 && keys.has(directionKey(aim));
}

function questionsOf(check: Check): DeviceQuestion[] {
  switch (check.kind) {
    case 'htb':
    case 'htbAbsent':
    case 'guarantee':
    case 'guaranteeAbsent':
      return [{ device: check.device, show: 'classes' }];
    case 'police':
    case 'policeAbsent':
      return [{ device: check.device, show: 'filters' }];
    default:
      return [];
  }
}

type OpenFlowCheck = Extract<Check, { kind: 'meter' | 'meterAbsent' | 'flow' | 'flowAbsent' }>;

function isOpenFlow(check: Check): check is OpenFlowCheck {
  return !('device' in check);
}
