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

export function cookieOf(meterId: number | null): bigint {
  return cookieMagic | BigInt(meterId ?? 0);
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

/** What an entry of Bridge.external_ids records; null: no meter. */
export function meterRecord(key: string, value: string): MeterRecord | null {
  const portId = recordPattern.exec(key)?.[1];
  return portId ? { key, meterId: Number(value), portId } : null;
}
