/** How long to wait between attempts: grows twofold from `baseMs`, never beyond `capMs`. */
export interface Backoff {
  readonly baseMs: number;
  readonly capMs: number;
}

/**
 * Full jitter: a uniform draw below the exponential bound, so that a fleet which lost its server at
 * one instant does not come back at one instant.
 */
export function fullJitterMs(attempt: number, { baseMs, capMs }: Backoff, random = Math.random) {
  return random() * Math.min(capMs, baseMs * 2 ** Math.min(attempt, 30));
}

/** Waits; resolves early, without an error, when the signal aborts. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    signal?.addEventListener('abort', finish, { once: true });
  });
}
