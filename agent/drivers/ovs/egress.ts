import type {
  PortLimitFieldsFragment as PortLimit,
  ProgrammedLimitInput,
} from '../../../schema/generated/graphql.ts';
import type { MeterUnit } from '../../openflow/meters.ts';
import { chooseEgress, type RateMechanism } from './capabilities.ts';
import type { PolicingAim } from './egressPolicing.ts';
import { decideGuarantee, type Guarantee } from './guarantee.ts';
import type { HostCapabilities } from './hostCapabilities.ts';
import {
  type Bucket,
  hasKbps,
  hasKpps,
  kbpsBucket,
  kppsBucket,
  meterBounds,
  policerBounds,
} from './limits.ts';
import type { BridgeAbilities, OvsObservation } from './observe.ts';
import type { Slot } from './ports.ts';

export interface MeterAim {
  readonly unit: MeterUnit;
  /** Kilobits or packets, per second and in the bucket. */
  readonly rate: number;
  readonly burst: number;
}

/** How one port's EGRESS is to be held. */
export interface EgressAim {
  readonly policing: PolicingAim | null;
  readonly meters: readonly MeterAim[];
  readonly dscpMark: number | null;
  readonly guarantee: Guarantee | null;
  readonly programmed: ProgrammedLimitInput;
  /** What came out different from what was asked, or not at all. */
  readonly notes: readonly string[];
}

export type EgressDecision = EgressAim | { readonly impossible: string };

interface RateDecision {
  readonly mechanism: RateMechanism | null;
  readonly kbps: Bucket | null;
  readonly kpps: Bucket | null;
  readonly notes: readonly string[];
}

/** What is decided by beside the port and its bridge. */
type EgressCircumstances = Pick<OvsObservation, 'host' | 'policedInVain'>;

const defaultMtu = 1500;

/** EGRESS: what the guest sends comes into the switch by its port, past a policer or a meter there. */
export function decideEgress(
  slot: Slot,
  limit: PortLimit,
  view: BridgeAbilities,
  circumstances: EgressCircumstances,
): EgressDecision {
  const { host } = circumstances;
  const { mechanism, kbps, kpps, notes: rateNotes } = decideRate(slot, limit, view, circumstances);
  const { dscpMark, notes: markNotes } = decideMark(limit, view);
  const { guarantee, notes: guaranteeNotes } = decideGuarantee(limit, view, host);
  const notes = [...rateNotes, ...markNotes, ...guaranteeNotes];
  if (!mechanism && dscpMark === null && !guarantee) {
    return { impossible: ['Nothing of this rule can be enforced.', ...notes].join(' ') };
  }
  return {
    policing: mechanism === 'ingress_policing' ? { kbps, kpps } : null,
    meters: mechanism === 'openflow_meter' ? metersOf(kbps, kpps) : [],
    dscpMark,
    guarantee,
    programmed: {
      mechanism: mechanism ?? (guarantee ? 'linux_htb' : 'openflow_dscp'),
      maxKbps: kbps?.rate ?? null,
      maxBurstKbps: kbps?.burst ?? null,
      maxKpps: kpps?.rate ?? null,
      maxBurstKpps: kpps?.burst ?? null,
      minKbps: guarantee?.kbps ?? null,
      dscpMark,
    },
    notes,
  };
}

function decideRate(
  slot: Slot,
  limit: PortLimit,
  view: BridgeAbilities,
  { host, policedInVain }: EgressCircumstances,
): RateDecision {
  const none = { mechanism: null, kbps: null, kpps: null };
  if (!hasKbps(limit) && !hasKpps(limit)) return { ...none, notes: [] };
  const choice = chooseEgress(view, host, {
    both: hasKbps(limit) && hasKpps(limit),
    unpoliced: obstacleOn(slot, policedInVain),
  });
  if (choice.mechanism === null) return { ...none, notes: [choice.reason] };
  const { mechanism } = choice;
  const kbps = hasKbps(limit) ? kbpsOf(limit, slot, mechanism, host) : null;
  const obstacle = hasKpps(limit) ? obstacleToPackets(limit, mechanism, view, host) : null;
  const kpps = hasKpps(limit) && obstacle === null ? kppsBucket(limit) : null;
  const notes = [...(kbps?.notes ?? []), ...(obstacle === null ? [] : [obstacle])];
  return kbps || kpps ? { mechanism, kbps, kpps, notes } : { ...none, notes };
}

/** Why a policer there would not hold what the port sends, whatever the host can do. */
function obstacleOn(
  { interface: { _uuid, name, type, ifindex } }: Slot,
  policedInVain: EgressCircumstances['policedInVain'],
): string | null {
  // What Open vSwitch sends to it comes in by its device; what comes from it does not (seen with 6.1).
  if (type === 'internal') {
    return `Interface ${name} is of type internal: a policer there limits what reaches it, not what it sends.`;
  }
  if (!policedInVain.has(_uuid) || policedInVain.get(_uuid) !== ifindex) return null;
  return `Interface ${name} was policed twice, and the kernel kept no filter on it.`;
}

function kbpsOf(
  limit: PortLimit & { readonly maxKbps: number },
  slot: Slot,
  mechanism: RateMechanism,
  host: HostCapabilities,
): Bucket {
  const isMeter = mechanism === 'openflow_meter';
  const bounds = isMeter ? meterBounds : policerBounds(limit.maxKbps, host.ovsVersion);
  return kbpsBucket(limit, slot.interface.mtu ?? defaultMtu, bounds);
}

/**
 * Open vSwitch 3.1 asks the kernel to police bits and packets in one action. Linux refuses that, and
 * nothing at all is policed then (seen with 6.1).
 */
function obstacleToPackets(
  limit: PortLimit,
  mechanism: RateMechanism,
  { openflow }: BridgeAbilities,
  host: HostCapabilities,
): string | null {
  if (mechanism === 'ingress_policing') {
    if (hasKbps(limit)) return 'maxKpps is not enforced: a port is policed by bits or by packets.';
    if (host.policesPackets) return null;
    return 'maxKpps is not enforced: Open vSwitch polices packets from version 2.16 on.';
  }
  const counts = openflow.state === 'known' && openflow.features.units.includes('pktps');
  return counts ? null : 'maxKpps is not enforced: the meters of this bridge do not count packets.';
}

/** Two meters where both are asked for: one counts bits, the other packets. */
function metersOf(kbps: Bucket | null, kpps: Bucket | null): MeterAim[] {
  const meters: MeterAim[] = [];
  if (kbps) meters.push({ unit: 'kbps', rate: kbps.rate, burst: kbps.burst });
  if (kpps) meters.push({ unit: 'pktps', rate: kpps.rate * 1000, burst: kpps.burst * 1000 });
  return meters;
}

function decideMark({ dscpMark }: PortLimit, { openflow }: BridgeAbilities) {
  if (dscpMark === null || openflow.state === 'known') return { dscpMark, notes: [] };
  return { dscpMark: null, notes: [`dscpMark is not enforced: ${openflow.reason}`] };
}
