/** Opens a line anew, within a few seconds. `hear` is called with what other servers say on it, and maybe with our own. */
export type Dial = (hear: (payload: string) => void) => Promise<Line>;

/** One connection that carries doorbells between servers. It never comes back; the next one is another. */
export interface Line {
  /** Aborts when the connection is gone, with why. */
  readonly lost: AbortSignal;
  /** Resolves once whoever carries them has the payloads, so that with none it tells whether the line still lives. */
  send(payloads: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** Whether a line lives is asked so often, and the answer waited for so long. */
export const keepAliveMs = 5_000;
