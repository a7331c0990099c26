import type { Uuid } from '../../ovsdb/notation.ts';
import type { DirectionResult } from '../driver.ts';
import type { Aim, Check, OvsPlan } from './aims.ts';
import { directionKey, type Failures } from './apply.ts';
import type { BridgeContents } from './bridgeContents.ts';
import type { BridgeLinks } from './bridgeLinks.ts';
import { checkText } from './checkText.ts';
import { deviceKey, type Facts, type Finding, judge } from './judge.ts';
import type { DeviceQuestion, TcReader } from './tc.ts';

/** Where limits are read. */
export interface ReadFrom {
  readonly tc: TcReader;
  readonly links: BridgeLinks;
  readonly nowMs: () => number;
}

/** A limit that the database has and the kernel does not. */
export type Missing = Extract<Check, { kind: 'htb' | 'police' | 'guarantee' }>;

const lostKinds: ReadonlySet<Check['kind']> = new Set(['htb', 'police', 'guarantee']);

export interface ReadBack {
  readonly results: readonly DirectionResult[];
  readonly missing: readonly Missing[];
  /** Ports and interfaces whose queue or policer was seen in the kernel. */
  readonly held: readonly Uuid[];
}

type CheckedAim = Exclude<Aim, { kind: 'verdict' }>;

/** What was read for one direction of a port. */
interface Reading {
  /** What it was about: another aim, or another life of the switch, makes it void. */
  readonly signature: string;
  readonly atMs: number;
  /** The devices that were looked at, by name. */
  readonly devices: readonly string[];
  readonly findings: readonly Finding[];
}

/** For what nobody heard of (kernelWatch.ts): what was confirmed longer ago is read again. */
const confirmedForMs = 25_000;

/** Reads limits back: again only after a change to one, a restart of the switch, or some time. */
export class LimitReader {
  readonly #from: ReadFrom;
  #readings = new Map<string, Reading>();
  /** Devices that changed in the kernel while the look went on that may show them before. */
  #changedMeanwhile: Set<string> | null = null;

  constructor(from: ReadFrom) {
    this.#from = from;
  }

  async read({ changes, aims }: OvsPlan, failures: Failures): Promise<ReadBack> {
    const touched = new Set(changes.map(directionKey));
    const readings = new Map<string, Reading>();
    const due: CheckedAim[] = [];
    for (const aim of aims) {
      if (aim.kind === 'verdict' || failures.has(directionKey(aim))) continue;
      const known = this.#readings.get(directionKey(aim));
      if (known && !touched.has(directionKey(aim)) && this.#isConfirmed(known, aim)) {
        readings.set(directionKey(aim), known);
      } else due.push(aim);
    }
    this.#changedMeanwhile = new Set();
    const facts = await this.#look(due.flatMap(({ checks }) => checks));
    for (const aim of due) readings.set(directionKey(aim), this.#reading(aim, facts));
    this.#readings = readings;
    const changed = this.#changedMeanwhile;
    this.#changedMeanwhile = null;
    if (changed.size > 0) this.forget(changed);
    return {
      results: aims.map((aim) => resultOf(aim, failures, readings)),
      missing: due.flatMap((aim) => missingIn(aim, readings)),
      held: due.flatMap((aim) => heldIn(aim, readings)),
    };
  }

  /** These devices, null: all, changed in the kernel: what was read of them is read again. True: something was. */
  forget(devices: ReadonlySet<string> | null): boolean {
    let forgot = false;
    const readings = new Map(this.#readings);
    for (const [key, { devices: of }] of readings) {
      if (!of.some((device) => devices?.has(device) ?? true)) continue;
      readings.delete(key);
      forgot = true;
    }
    if (forgot) this.#readings = readings;
    if (this.#changedMeanwhile === null) return forgot;
    for (const device of devices ?? []) this.#changedMeanwhile.add(device);
    return true;
  }

  #isConfirmed({ signature, atMs, findings }: Reading, aim: CheckedAim): boolean {
    return (
      signature === this.#signature(aim) &&
      this.#from.nowMs() - atMs < confirmedForMs &&
      findings.every(({ fault }) => fault === null)
    );
  }

  #reading(aim: CheckedAim, facts: Facts): Reading {
    return {
      signature: this.#signature(aim),
      atMs: this.#from.nowMs(),
      devices: devicesOf(aim),
      findings: aim.checks.map((check) => judge(check, facts)),
    };
  }

  #signature({ checks }: CheckedAim): string {
    return checks.map((check) => `${checkText(check)} ${this.#generation(check)}`).join('\n');
  }

  #generation(check: Check): number {
    const view = 'bridge' in check ? this.#from.links.get(check.bridge)?.view : undefined;
    return view?.state === 'known' ? view.generation : 0;
  }

  async #look(checks: readonly Check[]): Promise<Facts> {
    const [devices, bridges] = await Promise.all([
      this.#readDevices(checks.flatMap(questionsOf)),
      this.#readBridges(checks),
    ]);
    return { devices, bridges };
  }

  async #readDevices(questions: readonly DeviceQuestion[]): Promise<Map<string, string>> {
    if (questions.length === 0) return new Map();
    const answers = await this.#from.tc.ask(questions);
    return new Map(
      questions.map(({ device, show }, index) => [deviceKey(device, show), answers[index] ?? '']),
    );
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
      const link = this.#from.links.get(bridge);
      if (!link) throw new Error(`Bridge ${bridge} is gone.`);
      return [bridge, await link.read([...meterIds], [...cookies])] as const;
    });
    return new Map(await Promise.all(contents));
  }
}

function resultOf(
  aim: Aim,
  failures: Failures,
  readings: ReadonlyMap<string, Reading>,
): DirectionResult {
  const { portId, direction, ruleId, ruleVersion } = aim;
  const head = { portId, direction, ruleId, ruleVersion };
  if (aim.kind === 'verdict') {
    return { ...head, status: aim.status, message: aim.message, programmed: null };
  }
  const findings = readings.get(directionKey(aim))?.findings ?? [];
  const faults = findings.flatMap(({ fault }) => fault ?? []);
  const message = failures.get(directionKey(aim)) ?? (faults.join(' ') || null);
  if (message !== null) return { ...head, status: 'FAILED', message, programmed: null };
  if (aim.kind === 'removed') {
    return { ...head, status: 'APPLIED', message: null, programmed: null };
  }
  return { ...head, ...asProgrammed(aim, findings) };
}

/** What holds, with a sentence for each value that is not the one asked for. */
function asProgrammed(
  { programmed, notes }: Extract<Aim, { kind: 'enforced' }>,
  findings: readonly Finding[],
): Pick<DirectionResult, 'status' | 'message' | 'programmed'> {
  const burstKbps = findings.find((finding) => finding.burstKbps !== null)?.burstKbps ?? null;
  if (burstKbps === null) {
    const message = notes.length > 0 ? notes.join(' ') : null;
    return { status: message === null ? 'APPLIED' : 'DEGRADED', message, programmed };
  }
  const changed = `The burst is ${burstKbps} kbit; ${programmed.maxBurstKbps} was set.`;
  return {
    status: 'DEGRADED',
    message: [...notes, changed].join(' '),
    programmed: { ...programmed, maxBurstKbps: burstKbps },
  };
}

function missingIn(aim: CheckedAim, readings: ReadonlyMap<string, Reading>): Missing[] {
  const findings = readings.get(directionKey(aim))?.findings ?? [];
  return aim.checks.filter(
    (check, index): check is Missing =>
      lostKinds.has(check.kind) && findings[index]?.fault !== null,
  );
}

function heldIn(aim: CheckedAim, readings: ReadonlyMap<string, Reading>): Uuid[] {
  const findings = readings.get(directionKey(aim))?.findings ?? [];
  return aim.checks.flatMap((check, index) =>
    'row' in check && findings[index]?.fault === null ? [check.row] : [],
  );
}

function devicesOf({ checks }: CheckedAim): string[] {
  return checks.flatMap((check) => ('device' in check ? [check.device.name] : []));
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
