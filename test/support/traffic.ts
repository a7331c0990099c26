import { type MeasureOptions, type Sample, sendTraffic } from '../../scripts/lab/traffic.ts';

export { measureTcp, measureUdp, type Sample } from '../../scripts/lab/traffic.ts';

export interface SampleOptions extends MeasureOptions {
  readonly offeredMbps: number;
  /** What is done to the limit once traffic flows. */
  readonly during: () => Promise<void>;
}

/** Offers UDP while `during` runs and resolves with what arrived in each tenth of a second. */
export function sampleThroughput(options: SampleOptions): Promise<Sample[]> {
  const { from, to, seconds = 4, offeredMbps, during } = options;
  return sendTraffic({ from, to, seconds, protocol: { udpMbps: offeredMbps }, during });
}

/**
 * The most that arrived within any span of so many milliseconds, in Mbit/s. A limit that was away for
 * a moment shows as a span near the offered rate; a limit in force as its rate and its burst at most.
 */
export function peakMbps(samples: readonly Sample[], spanMs: number): number {
  return samples.reduce(
    (peak, _, index) => Math.max(peak, spanMbps(samples.slice(index), spanMs)),
    0,
  );
}

function spanMbps(samples: readonly Sample[], spanMs: number): number {
  let durationMs = 0;
  let kilobits = 0;
  for (const sample of samples) {
    if (durationMs >= spanMs) break;
    durationMs += sample.durationMs;
    kilobits += sample.receivedMbps * sample.durationMs;
  }
  return durationMs < spanMs ? 0 : kilobits / durationMs;
}
