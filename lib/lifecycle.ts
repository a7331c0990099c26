import { setImmediate as nextRound } from 'node:timers/promises';

/**
 * A long-lived part of a program. `run` does its work until the signal aborts, then releases what
 * it holds and resolves; it rejects only when it cannot go on.
 */
export interface Part {
  readonly name: string;
  run(signal: AbortSignal): Promise<void>;
}

/**
 * Runs parts together, started in the order given and stopped in reverse. When one of them ends
 * by itself or fails, the others are stopped too, and the failure is rethrown.
 */
export async function runTogether(parts: readonly Part[], signal: AbortSignal): Promise<void> {
  const ended = new AbortController();
  const running: { controller: AbortController; done: Promise<void> }[] = [];
  let failure: { error: unknown } | undefined;
  for (const part of parts) {
    const controller = new AbortController();
    const done = part
      .run(controller.signal)
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => ended.abort());
    running.push({ controller, done });
  }
  await aborted(AbortSignal.any([signal, ended.signal]));
  for (const { controller, done } of running.reverse()) {
    controller.abort();
    await done;
  }
  if (failure) throw failure.error;
}

/** Resolves when the signal aborts; at once if it already has. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Resolves once the event loop has gone round: sockets that were just dialled have spoken, and what they are told is sent. */
export async function socketsServed(): Promise<void> {
  // Two: the first may come in the round that is under way, past its sockets.
  await nextRound();
  await nextRound();
}
