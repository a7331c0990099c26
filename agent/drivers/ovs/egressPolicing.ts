import {
  excludingKeys,
  guard,
  including,
  isRow,
  type Mutation,
  mutate,
  type Operation,
  update,
} from '../../ovsdb/operations.ts';
import { type AimHead, type Check, change, type PlannedEgress } from './aims.ts';
import type { HostCapabilities } from './hostCapabilities.ts';
import { policingMark } from './ids.ts';
import { type Bucket, policerBurstToTell } from './limits.ts';
import type { Circumstances } from './observe.ts';
import type { Slot } from './ports.ts';
import { interfaces } from './tables.ts';

/** What `Interface.ingress_policing_*` is to hold: "ingress" as the switch sees it, the guest's EGRESS. */
export interface PolicingAim {
  readonly kbps: Bucket | null;
  readonly kpps: Bucket | null;
}

/** Somebody else's policing on this interface, as a sentence; null: none. */
export function foreignPolicing(slot: Slot, aim: PolicingAim): string | null {
  const now = slot.interface;
  const isSet = now.ingress_policing_rate > 0 || now.ingress_policing_kpkts_rate > 0;
  if (!isSet || isMarked(slot) || holds(slot, valuesFor(aim))) return null;
  return (
    `Interface ${now.name} has ingress policing that is not Sluice's (rate ${now.ingress_policing_rate} kbit/s, ` +
    `burst ${now.ingress_policing_burst} kbit, ${now.ingress_policing_kpkts_rate} kpkt/s); it is left as it is.`
  );
}

/** Makes the columns hold the aim. */
export function planPolicing(
  head: AimHead,
  slot: Slot,
  aim: PolicingAim,
  { host, lost }: Circumstances,
): PlannedEgress {
  const { name, ifindex } = slot.interface;
  const check: Check = {
    kind: 'police',
    device: { name, ifindex },
    bridge: slot.bridge.name,
    row: slot.interface._uuid,
    rateKbps: aim.kbps?.rate ?? null,
    burstKbps: aim.kbps?.burst ?? null,
    rateKpps: aim.kpps?.rate ?? null,
    burstKpps: aim.kpps?.burst ?? null,
  };
  const isLost = lost.has(slot.interface._uuid);
  const values = valuesFor(aim);
  if (holds(slot, values) && isMarked(slot) && !isLost) return { changes: [], checks: [check] };
  const sentence = `${slot.bridge.name}: police what comes from ${name} to ${describe(aim)}.`;
  const mark = including(interfaces, 'external_ids', new Map([[policingMark, head.portId]]));
  const clear = isLost ? write(slot, valuesOf(slot), nothing, host, [mark]) : [];
  const secure = write(slot, isLost ? nothing : valuesOf(slot), values, host, [unmark, mark]);
  const steps = { settles: true, clear, secure };
  return {
    changes: [change({ ...head, mechanism: 'ingress_policing', sentence }, steps)],
    checks: [check],
  };
}

/** Takes away what Sluice set; without its mark there is nothing. */
export function planPolicingRemoval(
  head: AimHead,
  slot: Slot,
  host: HostCapabilities,
): PlannedEgress {
  if (!isMarked(slot)) return { changes: [], checks: [] };
  const { name, ifindex } = slot.interface;
  const sentence = `${slot.bridge.name}: no longer police what comes from ${name}.`;
  const release = write(slot, valuesOf(slot), nothing, host, [unmark]);
  return {
    changes: [
      change({ ...head, mechanism: 'ingress_policing', sentence }, { settles: true, release }),
    ],
    checks: [{ kind: 'policeAbsent', device: { name, ifindex } }],
  };
}

const unmark = excludingKeys(interfaces, 'external_ids', [policingMark]);

function isMarked(slot: Slot): boolean {
  return slot.interface.external_ids.has(policingMark);
}

function holds({ interface: now }: Slot, { kbps, kpps }: Values): boolean {
  return (
    now.ingress_policing_rate === (kbps?.rate ?? 0) &&
    now.ingress_policing_burst === (kbps?.burst ?? 0) &&
    now.ingress_policing_kpkts_rate === (kpps?.rate ?? 0) &&
    now.ingress_policing_kpkts_burst === (kpps?.burst ?? 0)
  );
}

/** Guarded by what is expected there. */
function write(
  slot: Slot,
  from: Values,
  to: Values,
  { policesPackets }: HostCapabilities,
  marks: readonly Mutation[],
): Operation[] {
  const where = [isRow(slot.interface._uuid)];
  return [
    guard(interfaces, where, columns(from, policesPackets)),
    update(interfaces, where, columns(to, policesPackets)),
    mutate(interfaces, where, marks),
  ];
}

/** As the columns have it. */
type Rate = Pick<Bucket, 'rate' | 'burst'> | null;

interface Values {
  readonly kbps: Rate;
  readonly kpps: Rate;
}

function valuesFor({ kbps, kpps }: PolicingAim): Values {
  return { kbps: kbps && { rate: kbps.rate, burst: policerBurstToTell(kbps) }, kpps };
}

const nothing: Values = { kbps: null, kpps: null };

function valuesOf({ interface: now }: Slot): Values {
  return {
    kbps: { rate: now.ingress_policing_rate, burst: now.ingress_policing_burst },
    kpps: { rate: now.ingress_policing_kpkts_rate, burst: now.ingress_policing_kpkts_burst },
  };
}

/** 0 is "unlimited" for Open vSwitch. */
function columns({ kbps, kpps }: Values, policesPackets: boolean) {
  return {
    ingress_policing_rate: kbps?.rate ?? 0,
    ingress_policing_burst: kbps?.burst ?? 0,
    ...(policesPackets && {
      ingress_policing_kpkts_rate: kpps?.rate ?? 0,
      ingress_policing_kpkts_burst: kpps?.burst ?? 0,
    }),
  };
}

function describe({ kbps, kpps }: PolicingAim): string {
  return [kbps && `${kbps.rate} kbit/s`, kpps && `${kpps.rate} kpkt/s`]
    .filter(Boolean)
    .join(' and ');
}
