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

export interface PoliceReading {
  readonly rateKbps: number | null;
  readonly rateKpps: number | null;
}

/** Open vSwitch makes queue N class 1:N+1 (ovs lib/netdev-linux.c htb_class_set). */
const htbClass = /^class htb 1:1 .*\bceil (\S+) .*\bcburst (\S+)/m;
const policeRate = /\bpolice\b.*\brate (\d\S*)/;
const policePackets = /\bpkts_rate (\d+)/;

const bitUnits: Readonly<Record<string, number>> = { '': 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12 };
const byteUnits: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };
const tolerance = 0.002;

export function readHtb(text: string): HtbReading | null {
  const [, ceil, cburst] = htbClass.exec(text) ?? [];
  if (!ceil || !cburst) return null;
  return { rateKbps: bits(ceil) / 1000, burstKbps: (bytes(cburst) * 8) / 1000 };
}

export function readPolice(text: string): PoliceReading | null {
  if (!/\bpolice\b/.test(text)) return null;
  const rate = policeRate.exec(text)?.[1];
  const packets = policePackets.exec(text)?.[1];
  return {
    rateKbps: rate ? bits(rate) / 1000 : null,
    rateKpps: packets ? Number(packets) / 1000 : null,
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
