/** How long ago, in words: the largest unit that fits, rounded down. */
export function ageOf(instant: string, now = Date.now()): string {
  return timeWords(now - Date.parse(instant));
}

/** How long until then, in the same words; a second that has begun counts. */
export function timeLeft(instant: string, now = Date.now()): string {
  return timeWords(Math.ceil((Date.parse(instant) - now) / 1000) * 1000);
}

function timeWords(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  const days = Math.floor(seconds / 86_400);
  return days === 1 ? '1 day' : `${days} days`;
}

/** What a rule or a switch says of one direction; nothing for a field that is null or not there. */
export interface LimitFields {
  readonly maxKbps?: number | null | undefined;
  readonly maxBurstKbps?: number | null | undefined;
  readonly maxKpps?: number | null | undefined;
  readonly maxBurstKpps?: number | null | undefined;
  readonly minKbps?: number | null | undefined;
  readonly dscpMark?: number | null | undefined;
}

/** A limit on one line: "10 Mbit/s, burst 8 Mbit; 5 kpps; DSCP 26". */
export function limitWords(limit: LimitFields): string {
  const { maxKbps, maxBurstKbps, maxKpps, maxBurstKpps, minKbps, dscpMark } = limit;
  const parts = [
    withBurst(maxKbps, (kbps) => `${bits(kbps)}/s`, maxBurstKbps, bits),
    withBurst(
      maxKpps,
      (kpps) => `${kpps} kpps`,
      maxBurstKpps,
      (packets) => `${packets} k packets`,
    ),
    minKbps == null ? '' : `at least ${bits(minKbps)}/s`,
    dscpMark == null ? '' : `DSCP ${dscpMark}`,
  ];
  return parts.filter((part) => part !== '').join('; ') || '-';
}

function withBurst(
  rate: number | null | undefined,
  rateWords: (rate: number) => string,
  burst: number | null | undefined,
  burstWords: (burst: number) => string,
): string {
  if (rate == null) return '';
  return rateWords(rate) + (burst == null ? '' : `, burst ${burstWords(burst)}`);
}

/** Exact, in the largest unit that needs at most three decimals. */
function bits(kilobits: number): string {
  for (const [unit, size] of [
    ['Gbit', 1_000_000],
    ['Mbit', 1_000],
  ] as const) {
    if (kilobits >= size && (kilobits * 1000) % size === 0) return `${kilobits / size} ${unit}`;
  }
  return `${kilobits} kbit`;
}

/** "1 rule", "3 rules". */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** "2026-11-28T01:36:36.342Z (3 min ago)". */
export function instantWords(instant: unknown): string {
  return typeof instant === 'string' ? `${instant} (${ageOf(instant)} ago)` : '-';
}

/** What a limit dropped of all that came, by packets: "4.1 % (1204)". */
export function droppedWords(
  usage: { readonly packets: string; readonly droppedPackets: string | null } | null | undefined,
): string {
  if (!usage) return '-';
  if (usage.droppedPackets === null) return 'not counted';
  const dropped = Number(usage.droppedPackets);
  const all = Number(usage.packets) + dropped;
  if (dropped === 0) return '0';
  return `${((dropped / all) * 100).toFixed(1)} % (${dropped})`;
}
