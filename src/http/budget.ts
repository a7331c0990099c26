import { Recent } from '../../lib/recent.ts';
import type { Actor, Role } from '../domain/actor.ts';
import { type Refused, refuseUntil } from '../domain/errors.ts';

/** What a caller of each role may cost a second (src/graphql/cost.ts). */
export type CostRates = Readonly<Record<Role, number>>;

/** A bucket holds so many seconds' worth: who was quiet may ask for much at once. */
const burstS = 10;
/** Callers that are remembered, 100 bytes each. Whoever is forgotten begins anew, so it takes as many credentials to gain by it. */
const mostCallers = 50_000;

/** Of a request that comes to nothing, or is no plain one. */
export const costOfRefusal = 50;

interface Bucket {
  level: number;
  atMs: number;
}

/**
 * What callers may still cost, each by a bucket that fills at the rate of its role. Who has anything left may
 * spend more than that, and waits until the debt is paid: so no operation is too large to be asked for ever.
 * It is kept by this process alone: several servers let a caller cost as many times as much.
 */
export class Budget {
  readonly #rates: CostRates;
  readonly #buckets = new Recent<string, Bucket>(mostCallers);

  constructor(rates: CostRates) {
    this.#rates = rates;
  }

  /** Refuses with LIMIT_EXCEEDED, and the time to wait, where nothing is left. */
  charge(actor: Actor, cost: number): void {
    const waitMs = this.take(actor, cost);
    if (waitMs > 0) throw tooMuch(waitMs);
  }

  /** Zero where it was taken, else how long to wait before anything is left. */
  take(actor: Actor, cost: number): number {
    const rate = this.#rates[actor.role];
    const now = performance.now();
    const bucket = this.#bucketOf(actor, rate, now);
    bucket.level = Math.min(rate * burstS, bucket.level + ((now - bucket.atMs) / 1_000) * rate);
    bucket.atMs = now;
    if (bucket.level <= 0) return Math.max(1, (-bucket.level / rate) * 1_000);
    bucket.level -= cost;
    return 0;
  }

  #bucketOf(actor: Actor, rate: number, atMs: number): Bucket {
    const caller = callerOf(actor);
    const known = this.#buckets.get(caller);
    if (known) return known;
    const bucket = { level: rate * burstS, atMs };
    this.#buckets.set(caller, bucket);
    return bucket;
  }
}

/** One for all tokens of a host, and of a person: more tokens are not more to spend. */
export function callerOf(actor: Actor): string {
  return actor.role === 'agent'
    ? `agent ${actor.host}`
    : `${actor.role} ${actor.tenantId ?? ''} ${actor.subject}`;
}

const tooMuch = (waitMs: number): Refused =>
  refuseUntil(
    `This credential asks for more than its role may cost a second; try again in ${Math.ceil(waitMs / 1_000)} s.`,
    Math.ceil(waitMs / 1_000),
  );
