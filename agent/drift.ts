import type { DesiredState } from './desired.ts';
import type { DirectionResult, PlannedChange } from './drivers/driver.ts';

/** What a round ended with: the state that was enforced, and how far each limit got. */
export interface Settled {
  readonly desired: DesiredState;
  readonly results: readonly DirectionResult[];
}

/**
 * Of a plan's changes those that repair: to what the last settled round read back as held, while nobody asked for
 * anything else since. A port that is plugged, or one that never could be limited, is not repaired but served.
 */
export function driftIn(
  settled: Settled | null,
  desired: DesiredState,
  changes: readonly PlannedChange[],
): readonly PlannedChange[] {
  if (settled?.desired !== desired || changes.length === 0) return [];
  const held = new Set(settled.results.filter(isHeld).map(keyOf));
  return changes.filter((change) => held.has(keyOf(change)));
}

function isHeld({ ruleId, status }: DirectionResult): boolean {
  return ruleId !== null && (status === 'APPLIED' || status === 'DEGRADED');
}

function keyOf({ portId, direction }: Pick<PlannedChange, 'portId' | 'direction'>): string {
  return `${portId} ${direction}`;
}
