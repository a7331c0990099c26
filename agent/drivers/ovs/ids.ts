import type { CookieFilter } from '../../openflow/flows.ts';
import type { MeterUnit } from '../../openflow/meters.ts';

/**
 * How Sluice knows what is its own (invariant 8). QoS and Queue rows carry `sluice-port`, the QoS of a physical
 * port, which is nobody's alone, `sluice-physical`; an interface's policing `sluice-policing`, flows a cookie. Meters can carry nothing: the bridge's
 * external_ids record each before it is made.
 */
export const portMark = 'sluice-port';
export const physicalMark = 'sluice-physical';
export const policingMark = 'sluice-policing';

/** "slui" in the high half of a cookie; the low half is the flow's meter, or 0. */
const cookieMagic = 0x736c_7569n << 32n;
export const ourCookies: CookieFilter = { cookie: cookieMagic, mask: 0xffff_ffff_0000_0000n };

export function isOurCookie(cookie: bigint): boolean {
  return (cookie & ourCookies.mask) === cookieMagic;
}

export function cookieOf(meterId: number | null): bigint {
  return cookieMagic | BigInt(meterId ?? 0);
}

/** The meter of a flow with this cookie; 0: none. */
export function meterIn(cookie: bigint): number {
  return Number(BigInt.asUintN(32, cookie));
}

/** The key that records a port's meter in Bridge.external_ids; the value is the meter's id. */
export function meterKey(unit: MeterUnit, portId: string): string {
  return `sluice-meter-${unit}-${portId}`;
}

/** A meter that was recorded as Sluice's, whether it is on the switch or not. */
export interface MeterRecord {
  readonly key: string;
  readonly meterId: number;
  readonly portId: string;
}

const recordPattern = /^sluice-meter-(?:kbps|pktps)-(.+)$/;
const idPattern = /^[1-9]\d*$/;
/** OFPM_MAX, OpenFlow 1.3 §A.3.4.5: beyond it are "all meters" and the switch's own. */
const maxMeterId = 0xffff_0000;

export function isMeterKey(key: string): boolean {
  return recordPattern.test(key);
}

/** What an entry of Bridge.external_ids records; null: no meter, also where somebody broke it. */
export function meterRecord(key: string, value: string): MeterRecord | null {
  const portId = recordPattern.exec(key)?.[1];
  const isId = idPattern.test(value) && Number(value) <= maxMeterId;
  return portId && isId ? { key, meterId: Number(value), portId } : null;
}
