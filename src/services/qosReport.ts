import type { FeedPosition } from '../domain/feedCursor.ts';
import type { Direction } from '../domain/ranges.ts';
import type { BindingStatus, ProgrammedLimit } from '../entities/QosAgentBinding.ts';

export interface QosResultInput {
  readonly portId: string;
  readonly direction: Direction;
  readonly ruleId?: string | null | undefined;
  readonly ruleVersion?: number | null | undefined;
  readonly status: BindingStatus;
  readonly message?: string | null | undefined;
  readonly programmed?: ProgrammedLimit | null | undefined;
}

/** One report as it is written. */
export interface QosReport {
  readonly host: string;
  readonly to: FeedPosition;
  readonly complete: boolean;
  /** The first of its agent's process: what was said of removals before counts no more. */
  readonly starts: boolean;
  readonly results: readonly QosResultInput[];
}
