import type { PortLimitFieldsFragment as PortLimit } from '../../../schema/generated/graphql.ts';

/** A rate and its bucket, and a sentence for each value that is not the one asked for. */
export interface Bucket {
  readonly rate: number;
  readonly burst: number;
  readonly notes: readonly string[];
}

/** What a mechanism can hold, and its name for the sentence. */
export interface Bounds {
  readonly minRateKbps: number;
  readonly maxRateKbps: number;
  readonly maxBurstKbps: number;
  readonly holder: string;
}

/**
 * ovs lib/netdev-linux.c before 3.2 keeps rates in 32 bits of bytes per second, and wraps what is more: 40 Gbit/s
 * became 5.6. A queue's burst has 32 bits of bytes in every version.
 */
export const rate32MaxKbps = Math.floor(((2 ** 32 - 1) * 8) / 1000);
const burst32MaxKbps = rate32MaxKbps;
/** A bucket's time is kept in 32 bits of 64 ns, linux/pkt_sched.h: at most 274 s of the rate. */
const maxBucketSeconds = 256;
/** Ethernet header, one 802.1Q tag and no checksum: what a packet has beside its MTU. */
const frameOverheadBytes = 18;
/**
 * Of a bucket that nobody set: with a tenth of the rate TCP reaches half of it, with this 92 % and more by every
 * mechanism (docs/bursts.md). At low rates that is too little for a sender's first window, ten packets (RFC 6928 §2):
 * at 100 kbit/s TCP reached 52 % with six (and 20 ms of delay), and 97 % with eight.
 */
const defaultBurstShare = 0.8;
const defaultBurstPackets = 10;

/** The smallest bucket that lets one full packet pass: with less, everything is dropped. */
export function packetKbits(mtu: number): number {
  return Math.ceil(((mtu + frameOverheadBytes) * 8) / 1000);
}

/** lib/netdev-linux.c caps a policer's burst so that its bits have 32 bits. */
const policerMaxBurstKbps = Math.floor((2 ** 32 - 1) / 1024);
/** lib/netdev-linux.c raises every class to 1,500 bytes per second. */
const queueMinRateKbps = 12;

/** What the kernel's policers hold of a rate with this Open vSwitch. */
export function policerBounds(rateKbps: number, ovsVersion: string | null): Bounds {
  return kernelBounds(rateKbps, ovsVersion, { minRateKbps: 1, burstKbps: policerMaxBurstKbps });
}

/**
 * What to tell Open vSwitch for the policer to hold this burst. From 3.2 on a rate has 64 bits, and the time that the
 * burst lasts is still reckoned by 32 of them: at 40 Gbit/s the kernel held 4882810 kbit for 4194303 (seen with 3.5.0).
 */
export function policerBurstToTell({ rate, burst }: Pick<Bucket, 'rate' | 'burst'>): number {
  if (rate <= rate32MaxKbps) return burst;
  // 0 would be 8000.
  return Math.max(1, Math.round((burst * rate32MaxKbps) / rate));
}

/** What the kernel's queues hold. */
export function queueBounds(rateKbps: number, ovsVersion: string | null): Bounds {
  const [minRateKbps, burstKbps] = [queueMinRateKbps, burst32MaxKbps];
  return kernelBounds(rateKbps, ovsVersion, { minRateKbps, burstKbps });
}

function kernelBounds(
  rateKbps: number,
  ovsVersion: string | null,
  { minRateKbps, burstKbps }: { readonly minRateKbps: number; readonly burstKbps: number },
): Bounds {
  const maxRateKbps = has64BitRates(ovsVersion) ? Number.POSITIVE_INFINITY : rate32MaxKbps;
  const heldKbps = Math.min(Math.max(rateKbps, minRateKbps), maxRateKbps);
  return {
    minRateKbps,
    maxRateKbps,
    maxBurstKbps: Math.min(burstKbps, heldKbps * maxBucketSeconds),
    holder: `Open vSwitch ${ovsVersion ?? 'of unknown version'} on this host`,
  };
}

/** OpenFlow 1.3 §A.3.4.5: 32 bits each, more than any rule can ask for. */
export const meterBounds: Bounds = {
  minRateKbps: 1,
  maxRateKbps: 2 ** 32 - 1,
  maxBurstKbps: 2 ** 32 - 1,
  holder: 'an OpenFlow meter',
};

/** The bucket for `maxKbps`: within the bounds, and never too small for a packet. Where none is asked for, one that TCP gets on with. */
export function kbpsBucket(
  asked: { readonly maxKbps: number; readonly maxBurstKbps: number | null },
  mtu: number,
  { minRateKbps, maxRateKbps, maxBurstKbps, holder }: Bounds,
): Bucket {
  const notes: string[] = [];
  const rate = Math.min(Math.max(asked.maxKbps, minRateKbps), maxRateKbps);
  if (rate !== asked.maxKbps) {
    const bound = rate < asked.maxKbps ? 'most' : 'least';
    notes.push(`${asked.maxKbps} kbit/s was asked for; ${holder} holds ${rate} at ${bound}.`);
  }
  const least = packetKbits(mtu);
  const wanted = asked.maxBurstKbps ?? defaultBurstKbps(rate, least);
  const burst = Math.min(Math.max(wanted, least), maxBurstKbps);
  if (asked.maxBurstKbps !== null && burst > wanted) {
    notes.push(
      `A burst of ${wanted} kbit was asked for; ${burst} is the least that lets a packet of MTU ${mtu} pass.`,
    );
  }
  if (asked.maxBurstKbps !== null && burst < wanted) {
    notes.push(`A burst of ${wanted} kbit was asked for; ${holder} holds ${burst} at most.`);
  }
  return { rate, burst, notes };
}

function defaultBurstKbps(rateKbps: number, packet: number): number {
  return Math.max(Math.ceil(rateKbps * defaultBurstShare), packet * defaultBurstPackets);
}

/** The bucket for `maxKpps`, in thousands of packets. */
export function kppsBucket(asked: {
  readonly maxKpps: number;
  readonly maxBurstKpps: number | null;
}): Bucket {
  const burst = asked.maxBurstKpps ?? Math.ceil(asked.maxKpps * defaultBurstShare);
  return { rate: asked.maxKpps, burst: Math.max(1, burst), notes: [] };
}

export function hasKbps(limit: PortLimit): limit is PortLimit & { readonly maxKbps: number } {
  return limit.maxKbps !== null;
}

export function hasKpps(limit: PortLimit): limit is PortLimit & { readonly maxKpps: number } {
  return limit.maxKpps !== null;
}

function has64BitRates(version: string | null): boolean {
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  return major > 3 || (major === 3 && minor >= 2);
}
