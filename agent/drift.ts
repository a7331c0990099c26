import type { DesiredState } from './desired.ts';
import type { DirectionResult, PlannedChange } from './drivers/driver.ts';

/** What a round ended with: the state that was enforced, and how far each limit got. */
export interface Settled {
  readonly desired: DesiredState;
  readonly results: readonly DirectionResult[];
}

/**
 * Tells repairs from what is asked for. A repair puts right what was read back as held before, while nobody asked for
 * anything else since, and holds again now. A port that is plugged, or one that never could be limited, is not repaired
 * but served; a limit that was found lost before it could be put right, as one that only the kernel lost, is.
 */
export class Drift {
  #last: Settled | null = null;
  #held: ReadonlySet<string> = new Set();

  /** Of the changes that led there those that repaired. */
  repairs(settled: Settled, changes: readonly PlannedChange[]): readonly PlannedChange[] {
    const before = this.#last?.desired === settled.desired ? this.#held : new Set<string>();
    const held = new Set(settled.results.filter(isHeld).map(keyOf));
    const lost = settled.results.filter(isLost).map(keyOf);
    this.#held = new Set([...held, ...lost.filter((key) => before.has(key))]);
    this.#last = settled;
    return changes.filter((change) => before.has(keyOf(change)) && held.has(keyOf(change)));
  }
}

function isHeld({ ruleId, status }: DirectionResult): boolean {
  return ruleId !== null && (status === 'APPLIED' || status === 'DEGRADED');
}

function isLost({ ruleId, status }: DirectionResult): boolean {
  return ruleId !== null && status === 'FAILED';
}

function keyOf({ portId, direction }: Pick<PlannedChange, 'portId' | 'direction'>): string {
  return `${portId} ${direction}`;
}
