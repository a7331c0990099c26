const unitsMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds of a time like 90d, 12h, 30m or 45s, at most ten years; undefined: it is none. */
export function durationMs(text: string): number | undefined {
  const { amount, unit } = /^(?<amount>\d{1,9})(?<unit>[smhd])$/.exec(text)?.groups ?? {};
  const ms = Number(amount) * unitsMs[unit as keyof typeof unitsMs];
  return ms > 0 && ms <= 3_650 * unitsMs.d ? ms : undefined;
}
