import { messageOf } from '../lib/errors.ts';
import type { Logger } from '../lib/log.ts';
import { type Backoff, fullJitterMs, sleep } from '../lib/retry.ts';
import { isRefusal } from './sessionErrors.ts';

/** How long to wait between attempts: where the server may recover by itself, and where somebody must act first. */
export interface Patience {
  readonly transient: Backoff;
  readonly refused: Backoff;
}

export const patience: Patience = {
  // Full jitter below 5 s: a server that is back has its agents back within 5 s, and ten thousand of
  // them dial 4,000 times a second at most, which one server takes.
  transient: { baseMs: 250, capMs: 5_000 },
  refused: { baseMs: 10_000, capMs: 60_000 },
};

export function pauseMs(
  error: unknown,
  failures: number,
  { transient, refused }: Patience,
): number {
  return fullJitterMs(failures, isRefusal(error) ? refused : transient);
}

export interface PersistOptions {
  /** Completes "could not …" in the log. */
  readonly what: string;
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly patience: Patience;
}

/** Tries until it succeeds or the signal aborts. The same failure again is not said again. */
export async function persist(
  attempt: () => Promise<void>,
  { what, signal, log, patience }: PersistOptions,
): Promise<void> {
  let said = '';
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (signal.aborted) return;
      const fault = messageOf(error);
      log[fault === said ? 'debug' : 'warn']({ fault }, `Could not ${what}; trying again.`);
      said = fault;
      await sleep(pauseMs(error, failures, patience), signal);
    }
  }
}
