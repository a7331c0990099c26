import { Histogram } from 'prom-client';
import { currentTrace, type Tracing } from '../../lib/tracing.ts';
import type { FeedPosition } from '../domain/feedCursor.ts';

export type Stage = 'commit' | 'read' | 'send' | 'acknowledge';

/** What a stage is called where a change is followed from program to program. */
const spanNames = {
  commit: 'commit',
  read: 'read feed',
  send: 'send step',
  acknowledge: 'wait for agent',
} as const satisfies Record<Stage, string>;

/** Where the time of a change that moves hosts' feeds goes on this server, for Prometheus and for its trace. */
export class ChangeStages {
  readonly #tracing: Tracing;

  constructor(tracing: Tracing) {
    this.#tracing = tracing;
  }

  readonly histogram = new Histogram({
    name: 'sluice_change_stage_seconds',
    help: "Time of each stage of a change: until it is committed, until a host's feed is read, until the step is handed to its socket, until its agent says it is done",
    labelNames: ['stage'] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [],
  });

  /** A change was committed, by the work that is under way. `sinceMs`: when that was asked for, by `performance.now()`. */
  committed(sinceMs: number): void {
    this.took('commit', sinceMs, currentTrace());
  }

  /** `sinceMs`: when the stage began; `trace`: what it is part of. */
  took(stage: Stage, sinceMs: number, trace: string | undefined): void {
    this.histogram.observe({ stage }, (performance.now() - sinceMs) / 1_000);
    this.#tracing.note(spanNames[stage], sinceMs, trace);
  }
}

/**
 * Times one subscriber's changes, one at a time: what comes while another is under way is part of that one
 * or of the next, as in the feed itself. A first step that nobody rang for is no change.
 */
export class ChangeTimer {
  readonly #stages: ChangeStages;
  #wokenAtMs: number | undefined;
  #readAtMs: number | undefined;
  #sent: { readonly position: FeedPosition; readonly atMs: number } | undefined;
  #trace: string | undefined;
  #behindSinceMs: number | undefined;

  constructor(stages: ChangeStages) {
    this.#stages = stages;
  }

  /** The trace of the change that this subscriber was woken for last, where one is known. */
  get trace(): string | undefined {
    return this.#trace;
  }

  /** For how long there has been a change that the agent has not said it is done with; 0: there is none. */
  get behindMs(): number {
    return this.#behindSinceMs === undefined ? 0 : performance.now() - this.#behindSinceMs;
  }

  woken(trace?: string): void {
    this.#wokenAtMs ??= performance.now();
    this.#behindSinceMs ??= this.#wokenAtMs;
    if (trace !== undefined) this.#trace = trace;
  }

  /** There was nothing to tell after all. */
  nothingNew(): void {
    this.#wokenAtMs = undefined;
    if (this.#readAtMs === undefined && !this.#sent) this.#caughtUp();
  }

  /** A piece was read; the first one ends the stage. */
  read(): void {
    if (this.#wokenAtMs === undefined) return;
    this.#stages.took('read', this.#wokenAtMs, this.#trace);
    this.#wokenAtMs = undefined;
    this.#readAtMs = performance.now();
  }

  /** The socket took the last piece of the step to `position`. */
  sent(position: FeedPosition): void {
    if (this.#readAtMs === undefined) return;
    this.#stages.took('send', this.#readAtMs, this.#trace);
    this.#readAtMs = undefined;
    this.#sent = { position, atMs: performance.now() };
  }

  /** The agent said that it has done everything up to `position`. */
  acknowledged({ epoch, revision }: FeedPosition): void {
    const sent = this.#sent;
    if (!sent || sent.position.epoch !== epoch || sent.position.revision > revision) return;
    this.#stages.took('acknowledge', sent.atMs, this.#trace);
    this.#sent = undefined;
    if (this.#wokenAtMs === undefined && this.#readAtMs === undefined) this.#caughtUp();
  }

  #caughtUp(): void {
    this.#behindSinceMs = undefined;
    this.#trace = undefined;
  }
}
