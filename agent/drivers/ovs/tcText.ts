/**
 * What `tc` prints of the filters and classes that Open vSwitch makes. Text, not `-j`: iproute2 6.1, Debian 12's,
 * prints classes as text whatever it is told. Figures above 1000 Mbit are cut to three or more
 * digits (tc/tc_util.c print_rate), so they are compared with a tolerance.
 */

/** Queue 0 of an htb qdisc. Kilobits; what tc prints, not what was set. */
export interface HtbReading {
  readonly rateKbps: number;
  readonly burstKbps: number;
}

/** One queue of an htb qdisc: what it gets at least, and at most. */
export interface QueueReading {
  readonly minKbps: number;
  readonly maxKbps: number;
}

/** A policer has one of the two, each with its bucket. */
export interface PoliceReading {
  readonly rateKbps: number | null;
  readonly burstKbps: number | null;
  readonly rateKpps: number | null;
  readonly burstKpps: number | null;
  /** What is over the rate; a policer may let it pass as well. */
  readonly drops: boolean;
}

const htbClass = /^class htb 1:1 .*\bceil (\S+) .*\bcburst (\S+)/m;
const queueRates = /^class htb \S+ .*\brate (\S+) ceil (\S+)/;
const policeBits = /\bpolice\b.*\brate ([1-9]\S*) burst (\S+)/;
const policePackets = /\bpolice\b.*\bpkts_rate (\d+) pkts_burst (\d+)/;
/** What is done with packets over the rate, and after a slash with the others. */
const policeDrops = /\bpolice\b.*\baction drop\b/;

const bitUnits: Readonly<Record<string, number>> = { '': 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12 };
const byteUnits: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };
const tolerance = 0.002;

export function readHtb(text: string): HtbReading | null {
  const [, ceil, cburst] = htbClass.exec(text) ?? [];
  if (!ceil || !cburst) return null;
  return { rateKbps: bits(ceil) / 1000, burstKbps: (bytes(cburst) * 8) / 1000 };
}

/** Open vSwitch makes queue N class 1:N+1 (ovs lib/netdev-linux.c htb_class_set); tc prints it in hexadecimal. */
export function queueText(text: string, queueId: number): string | null {
  const start = text.indexOf(`class htb 1:${(queueId + 1).toString(16)} `);
  if (start < 0) return null;
  const end = text.indexOf('\nclass ', start);
  return end < 0 ? text.slice(start) : text.slice(start, end);
}

export function readQueue(text: string, queueId: number): QueueReading | null {
  const [, rate, ceil] = queueRates.exec(queueText(text, queueId) ?? '') ?? [];
  if (!rate || !ceil) return null;
  return { minKbps: bits(rate) / 1000, maxKbps: bits(ceil) / 1000 };
}

/** The class that all queues of a device share: what leaves by any of them passes it too (ovs lib/netdev-linux.c htb_setup_class__). */
export function readRoot(text: string): QueueReading | null {
  return readQueue(text, 0xfffd);
}

/** Of a policer that counts packets, tc prints a rate of 0 bits too. */
export function readPolice(text: string): PoliceReading | null {
  const [, rate, burst] = policeBits.exec(text) ?? [];
  const [, packets, packetBurst] = policePackets.exec(text) ?? [];
  if (rate === undefined && packets === undefined) return null;
  return {
    rateKbps: rate === undefined ? null : bits(rate) / 1000,
    burstKbps: burst === undefined ? null : (bytes(burst) * 8) / 1024,
    rateKpps: packets === undefined ? null : Number(packets) / 1000,
    burstKpps: packetBurst === undefined ? null : Number(packetBurst) / 1000,
    drops: policeDrops.test(text),
  };
}

/** Whether tc's rounded figure can be this one. */
export function isAbout(read: number | null, expected: number | null): boolean {
  if (read === null || expected === null) return read === expected;
  return Math.abs(read - expected) <= Math.max(1, expected * tolerance);
}

function bits(text: string): number {
  const [, figure, unit = ''] = /^([\d.]+)([KMGT]?)bit$/.exec(text) ?? [];
  return Number(figure) * (bitUnits[unit] ?? Number.NaN);
}

function bytes(text: string): number {
  const [, figure, unit = ''] = /^([\d.]+)([KMG]?)b$/.exec(text) ?? [];
  return Number(figure) * (byteUnits[unit] ?? Number.NaN);
}
