import { type Backoff, fullJitterMs, sleep } from '../lib/retry.ts';
import { RefusedError } from './errors.ts';
import { type Dial, subscribeOnce } from './socket.ts';

export interface SubscribeOptions<Variables> {
  /** Ends the subscription, without an error. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Whatever ends the connection, another follows after a moment, with the variables that this gives: a
   * feed goes on after the last step that was taken. Without it the subscription ends with an error.
   */
  readonly resume?: () => Variables;
  /** A connection stands, and the server is about to be asked. Of events before it nobody will hear: list now. */
  readonly onOpen?: () => void;
  /** Told why a connection ended that is to be opened again. */
  readonly onLost?: (error: Error) => void;
}

const backoff: Backoff = { baseMs: 500, capMs: 15_000 };

export async function* subscribe<Result, Variables extends object>(
  dial: Dial,
  query: string,
  variables: Variables,
  { signal, resume, onOpen, onLost }: SubscribeOptions<Variables>,
): AsyncGenerator<Result, void, undefined> {
  let asked = variables;
  for (let failures = 0; !signal?.aborted; failures += 1) {
    const opened = () => {
      failures = 0;
      onOpen?.();
    };
    try {
      yield* subscribeOnce<Result>(dial, { query, variables: asked }, opened, signal);
      return;
    } catch (error) {
      if (!resume || !(error instanceof Error) || error instanceof RefusedError) throw error;
      onLost?.(error);
    }
    await sleep(fullJitterMs(failures, backoff), signal);
    asked = resume();
  }
}
