import type { PortQosFieldsFragment as PortQos } from '../schema/generated/graphql.ts';
import type { DesiredState } from './desired.ts';
import type { DirectionResult } from './drivers/driver.ts';

/** The most results that one report carries (schema: ReportQosInput). */
export const maxResultsPerReport = 500;

/** One report as it is sent. `complete`: with it the server knows everything up to `to`. */
export interface Batch {
  readonly to: string;
  readonly complete: boolean;
  readonly results: readonly DirectionResult[];
}

const noPorts: ReadonlyMap<string, PortQos> = new Map();

/**
 * What the server has still to be told: the newest result of each direction of each port, and which of
 * them it has not confirmed. Bounded by the number of ports, however long the server is away.
 */
export class Results {
  readonly #latest = new Map<string, DirectionResult>();
  readonly #unsent = new Set<string>();
  #settled: DesiredState | null = null;
  #confirmed: string | null = null;

  /** The last position that the server has confirmed as complete; null before the first. */
  get confirmed(): string | null {
    return this.#confirmed;
  }

  /** Takes in how far everything got, in full, now that the switch is as `desired` wants it. */
  settle(desired: DesiredState, results: readonly DirectionResult[]): void {
    const isNews = newsBetween(this.#settled, desired);
    this.#settled = desired;
    if (desired.adminStateUp) this.#noteAll(results, isNews);
    else this.#clear();
  }

  /** The next report, null when the server knows everything. The same again until it is confirmed. */
  next(): Batch | null {
    const to = this.#settled?.cursor;
    if (to === undefined) return null;
    if (this.#unsent.size === 0 && this.#confirmed === to) return null;
    const results: DirectionResult[] = [];
    for (const key of this.#unsent) {
      if (results.length === maxResultsPerReport) break;
      const result = this.#latest.get(key);
      if (result) results.push(result);
    }
    return { to, complete: results.length === this.#unsent.size, results };
  }

  /** The server has taken the report in. A result that was noted again meanwhile is still to be sent. */
  confirm(batch: Batch): void {
    for (const result of batch.results) {
      const key = keyOf(result);
      if (this.#latest.get(key) === result) this.#unsent.delete(key);
    }
    if (batch.complete) this.#confirmed = batch.to;
  }

  /** Administratively down: no result counts, only the position does. */
  #clear(): void {
    this.#latest.clear();
    this.#unsent.clear();
  }

  #noteAll(results: readonly DirectionResult[], isNews: (portId: string) => boolean): void {
    const named = new Set<string>();
    for (const result of results) {
      const key = keyOf(result);
      named.add(key);
      this.#note(key, result, isNews(result.portId));
    }
    for (const [key, last] of this.#latest) if (!named.has(key)) this.#noteAbsent(key, last);
  }

  #note(key: string, result: DirectionResult, isNews: boolean): void {
    const last = this.#latest.get(key);
    if (last && !isNews && sameResult(last, result)) return;
    // A copy: one that is on its way to the server now, about an older position, must not pass for this one.
    this.#latest.set(key, { ...result });
    this.#unsent.add(key);
  }

  /** A direction that is asked for nothing any more is reported as removed, once, and then forgotten. */
  #noteAbsent(key: string, last: DirectionResult): void {
    if (last.ruleId !== null) this.#note(key, removed(last), false);
    else if (!this.#unsent.has(key)) this.#latest.delete(key);
  }
}

/**
 * Which ports the server wants to hear about again, even if their result is the same: those that a step has
 * named since, whose object in the map is then another one. A binding may have ended and begun anew in one
 * step. All of them, where the position moved and named none: the agent may have been down and up again.
 */
function newsBetween(before: DesiredState | null, now: DesiredState): (portId: string) => boolean {
  const ports = before?.ports ?? noPorts;
  const isNamed = (portId: string) => ports.get(portId) !== now.ports.get(portId);
  if (before?.cursor === now.cursor) return isNamed;
  const namedNone = ports.size === now.ports.size && !ports.keys().some(isNamed);
  return namedNone ? () => true : isNamed;
}

function keyOf({ portId, direction }: DirectionResult): string {
  return `${portId} ${direction}`;
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
