import type { Direction } from '../../schema/generated/graphql.ts';

/** What one direction of the guest's port let through, in Mbit/s. */
export interface Measured {
  readonly direction: Direction;
  readonly offeredMbps: number;
  readonly udpMbps: number;
  readonly tcpMbps: number;
}

/** A direction is held when UDP stays so close to its rule. */
const toleratedShare = 0.1;

/** The figures as a table, the rule's limit beside them where there is one. */
export function table(
  measured: readonly Measured[],
  limitMbps: Partial<Record<Direction, number>> = {},
): string {
  return measured
    .map(({ direction, offeredMbps, udpMbps, tcpMbps }) => {
      const limit = limitMbps[direction];
      return [
        `  ${direction.padEnd(8)}`,
        `UDP ${mbps(udpMbps)} of ${offeredMbps} offered`,
        `TCP ${mbps(tcpMbps)}`,
        ...(limit === undefined ? [] : [`rule ${limit} (${deviation(udpMbps, limit)})`]),
      ].join('   ');
    })
    .join('\n');
}

/** Whether UDP was within a tenth of the rule in every direction. */
export function isHeld(
  measured: readonly Measured[],
  limitMbps: Record<Direction, number>,
): boolean {
  return measured.every(
    ({ direction, udpMbps }) => Math.abs(udpMbps / limitMbps[direction] - 1) <= toleratedShare,
  );
}

function mbps(value: number): string {
  return `${value.toFixed(1).padStart(6)} Mbit/s`;
}

function deviation(value: number, limit: number): string {
  const percent = (value / limit - 1) * 100;
  return `${percent < 0 ? '−' : '+'}${Math.abs(percent).toFixed(1)} %`;
}
