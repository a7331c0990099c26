import type { Actor } from '../domain/actor.ts';
import type { Services } from '../services/services.ts';

/** What a resolver works with: one of these an operation. */
export interface Context {
  readonly services: Services;
  readonly actor: Actor;
  /** Aborts when nobody waits for the answer any more; ends the operation's subscription. */
  readonly signal: AbortSignal;
  /** The trace that the caller goes by (W3C traceparent), if it named one. */
  readonly traceparent?: string | undefined;
}
