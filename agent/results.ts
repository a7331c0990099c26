import type { Direction } from '../schema/generated/graphql.ts';
import type { DesiredState } from './desired.ts';
import type { DirectionResult } from './drivers/driver.ts';

/** The most results that one report carries (schema: ReportQosInput). */
export const maxResultsPerReport = 500;

/** One report as it is sent. `complete`: with it the server knows everything up to `to`. */
export interface Batch {
  readonly to: string;
  readonly complete: boolean;
  /** The server has confirmed none of this process's yet. */
  readonly starts: boolean;
  readonly results: readonly DirectionResult[];
}

/** A result, and the settling that named it last. */
interface Entry {
  result: DirectionResult;
  round: number;
}

/**
 * What the server has still to be told: the newest result of each direction of each port, and which of
 * them it has not confirmed. Bounded by the number of ports, however long the server is away.
 */
export class Results {
  readonly #latest: Readonly<Record<Direction, Map<string, Entry>>> = {
    EGRESS: new Map(),
    INGRESS: new Map(),
  };
  /** The very objects in `#latest`, so that a newer one is never taken for one that was sent. */
  readonly #unsent = new Set<DirectionResult>();
  #settled: DesiredState | null = null;
  #confirmed: string | null = null;
  #starts = true;
  #round = 0;

  /** The last position that the server has confirmed as complete; null before the first. */
  get confirmed(): string | null {
    return this.#confirmed;
  }

  /** Takes in how far everything got, in full, now that the switch is as `desired` wants it. */
  settle(desired: DesiredState, results: readonly DirectionResult[]): void {
    const news = newsBetween(this.#settled, desired);
    this.#settled = desired;
    this.#round += 1;
    if (!desired.adminStateUp) {
      this.#clear();
      return;
    }
    for (const result of results) this.#note(result, news.has(result.portId));
    this.#noteAbsent();
  }

  /** The next report, null when the server knows everything. The same again until it is confirmed. */
  next(): Batch | null {
    const to = this.#settled?.cursor;
    if (to === undefined) return null;
    if (this.#unsent.size === 0 && this.#confirmed === to) return null;
    const results = [...this.#unsent.values().take(maxResultsPerReport)];
    const complete = results.length === this.#unsent.size;
    return { to, complete, starts: this.#starts, results };
  }

  /** The server has taken the report in. What was noted again meanwhile is still to be sent. */
  confirm({ to, complete, results }: Batch): void {
    this.#starts = false;
    for (const result of results) this.#unsent.delete(result);
    if (complete) this.#confirmed = to;
  }

  /** Administratively down: no result counts, only the position does. */
  #clear(): void {
    this.#latest.EGRESS.clear();
    this.#latest.INGRESS.clear();
    this.#unsent.clear();
  }

  #note(result: DirectionResult, isNews: boolean): void {
    const entries = this.#latest[result.direction];
    const entry = entries.get(result.portId);
    if (!entry) {
      entries.set(result.portId, { result: this.#toSend(result), round: this.#round });
      return;
    }
    entry.round = this.#round;
    if (!isNews && sameResult(entry.result, result)) return;
    this.#unsent.delete(entry.result);
    entry.result = this.#toSend(result);
  }

  /** A copy of its own: the driver may hand out the same object again. */
  #toSend(result: DirectionResult): DirectionResult {
    const copy = { ...result };
    this.#unsent.add(copy);
    return copy;
  }

  /** A direction that is asked for nothing any more is reported as removed, once, and then forgotten. */
  #noteAbsent(): void {
    for (const entries of Object.values(this.#latest)) {
      for (const [portId, { result, round }] of entries) {
        if (round === this.#round) continue;
        if (!isOver(result)) this.#note(removed(result), false);
        else if (!this.#unsent.has(result)) entries.delete(portId);
      }
    }
  }
}

/**
 * Which ports the server wants to hear about again, even if their result is the same: those that a step has
 * named since, whose object in the map is then another one. A binding may have ended and begun anew in one
 * step, or the agent have been down and up again, and what was reported before counts no more.
 */
function newsBetween(before: DesiredState | null, now: DesiredState): ReadonlySet<string> {
  const named = new Set<string>();
  if (before === now) return named;
  for (const [portId, port] of now.ports) if (before?.ports.get(portId) !== port) named.add(portId);
  return named;
}

/** Removed, and nothing is left of it. */
function isOver({ ruleId, status }: DirectionResult): boolean {
  return ruleId === null && status !== 'FAILED';
}

function removed({ portId, direction }: DirectionResult): DirectionResult {
  return {
    portId,
    direction,
    ruleId: null,
    ruleVersion: null,
    status: 'APPLIED',
    message: null,
    programmed: null,
  };
}

function sameResult(a: DirectionResult, b: DirectionResult): boolean {
  return (
    a === b ||
    (a.ruleId === b.ruleId &&
      a.ruleVersion === b.ruleVersion &&
      a.status === b.status &&
      a.message === b.message &&
      sameProgrammed(a.programmed, b.programmed))
  );
}

function sameProgrammed(a: DirectionResult['programmed'], b: DirectionResult['programmed']) {
  if (a === null || b === null) return a === b;
  return (
    a.mechanism === b.mechanism &&
    (a.maxKbps ?? null) === (b.maxKbps ?? null) &&
    (a.maxBurstKbps ?? null) === (b.maxBurstKbps ?? null) &&
    (a.maxKpps ?? null) === (b.maxKpps ?? null) &&
    (a.maxBurstKpps ?? null) === (b.maxBurstKpps ?? null) &&
    (a.dscpMark ?? null) === (b.dscpMark ?? null)
  );
}
