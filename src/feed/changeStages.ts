import { Histogram } from 'prom-client';
import type { FeedPosition } from '../domain/feedCursor.ts';

export type Stage = 'commit' | 'read' | 'send' | 'acknowledge';

/** Where the time of a change that moves hosts' feeds goes on this server, for Prometheus. */
export class ChangeStages {
  readonly histogram = new Histogram({
    name: 'sluice_change_stage_seconds',
    help: "Time of each stage of a change: until it is committed, until a host's feed is read, until the step is handed to its socket, until its agent says it is done",
    labelNames: ['stage'] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [],
  });

  /** `sinceMs`: when the stage began, by `performance.now()`. */
  took(stage: Stage, sinceMs: number): void {
    this.histogram.observe({ stage }, (performance.now() - sinceMs) / 1_000);
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

  constructor(stages: ChangeStages) {
    this.#stages = stages;
  }

  woken(): void {
    this.#wokenAtMs ??= performance.now();
  }

  /** There was nothing to tell after all. */
  nothingNew(): void {
    this.#wokenAtMs = undefined;
  }

  /** A piece was read; the first one ends the stage. */
  read(): void {
    if (this.#wokenAtMs === undefined) return;
    this.#stages.took('read', this.#wokenAtMs);
    this.#wokenAtMs = undefined;
    this.#readAtMs = performance.now();
  }

  /** The socket took the last piece of the step to `position`. */
  sent(position: FeedPosition): void {
    if (this.#readAtMs === undefined) return;
    this.#stages.took('send', this.#readAtMs);
    this.#readAtMs = undefined;
    this.#sent = { position, atMs: performance.now() };
  }

  /** The agent said that it has done everything up to `position`. */
  acknowledged({ epoch, revision }: FeedPosition): void {
    const sent = this.#sent;
    if (!sent || sent.position.epoch !== epoch || sent.position.revision > revision) return;
    this.#stages.took('acknowledge', sent.atMs);
    this.#sent = undefined;
  }
}
