import { unreachable } from '../lib/errors.ts';
import type { Logger } from '../lib/log.ts';
import { sleep } from '../lib/retry.ts';
import { HostQosChangesDocument } from '../schema/generated/graphql.ts';
import type { SessionUser } from './connection.ts';
import {
  type Advance,
  advance,
  type Change,
  type DesiredState,
  type FeedState,
  unstaged,
} from './desired.ts';
import { largeRemoval, unconfirmedRemoval } from './largeRemoval.ts';
import { type Patience, pauseMs } from './persist.ts';
import type { Session } from './session.ts';

export interface FeedOptions {
  readonly host: string;
  /** The state that was last known, to go on from; null: from nothing. */
  readonly initial: DesiredState | null;
  readonly log: Logger;
  readonly patience: Patience;
  /** Called with each complete state. `whole`: it was sent from nothing. */
  readonly onStep: (desired: DesiredState, whole: boolean, traceparent: string | null) => void;
}

/** After so many steps in a row that did not fit, the server is asked for everything. */
const mostMisfits = 3;

type Committed = Extract<Advance, { kind: 'committed' }>;

/** Follows this host's feed: knows the last complete state, and opens the feed at its cursor whenever it ended. */
export class Feed implements SessionUser {
  readonly name = 'feed';
  readonly #options: FeedOptions;
  #state: FeedState;
  /** A state that is not applied until the whole state says the same. */
  #doubted: DesiredState | null = null;
  #failures = 0;
  #misfits = 0;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#state = { desired: options.initial, staged: null };
  }

  /** What this host must enforce; null before anything is known. */
  get desired(): DesiredState | null {
    return this.#state.desired;
  }

  async serve(session: Session, signal: AbortSignal): Promise<void> {
    const { log, patience } = this.#options;
    while (!signal.aborted) {
      const error = await this.#follow(session, signal);
      if (signal.aborted) return;
      log.warn({ fault: error.message }, 'The change feed ended; opening it again. Limits stay.');
      await sleep(pauseMs(error, this.#failures, patience), signal);
      this.#failures += 1;
    }
  }

  /** Holds one subscription open; gives what ended it. */
  async #follow(session: Session, signal: AbortSignal): Promise<Error> {
    const { promise, resolve } = Promise.withResolvers<Error>();
    const stop = () => resolve(new Error('The agent is stopping.'));
    signal.addEventListener('abort', stop, { once: true });
    const drop = this.#open(session, resolve);
    try {
      return await promise;
    } finally {
      signal.removeEventListener('abort', stop);
      drop();
    }
  }

  #open(session: Session, ended: (error: Error) => void): () => void {
    const { host } = this.#options;
    this.#state = unstaged(this.#state);
    const fromNothing = this.#doubted !== null || this.#misfits >= mostMisfits;
    const since = fromNothing ? null : (this.desired?.cursor ?? null);
    const drop = session.subscribe(
      HostQosChangesDocument,
      { host, since },
      {
        next: ({ hostQosChanges }) => {
          const misfit = this.#take(hostQosChanges);
          if (misfit === null) return;
          // At once: what follows a lost piece must not be taken for the beginning of its step.
          drop();
          ended(misfit);
        },
        ended,
      },
    );
    return drop;
  }

  /** Moves on by one message; gives an error when the feed has to be opened again for it. */
  #take(change: Change): Error | null {
    const step = advance(this.#state, change);
    switch (step.kind) {
      case 'staged':
        this.#state = step.state;
        return null;
      case 'committed':
        return this.#doubt(step) ?? this.#commit(step, change.traceparent ?? null);
      case 'misfit':
        this.#state = step.state;
        this.#misfits += 1;
        return new Error(step.reason);
      default:
        return unreachable(step);
    }
  }

  /** An error when the step takes too much away to be believed at its first word. */
  #doubt({ desired: next, whole }: Committed): Error | null {
    const [current, doubted] = [this.desired, this.#doubted];
    const removal = unconfirmedRemoval({ current, doubted, next, whole });
    if (removal === null) return null;
    this.#doubted = next;
    const { removed, of } = removal;
    this.#options.log.warn(
      { removed, limits: of, cursor: next.cursor },
      `The server would have ${removed} of this host's ${of} limits removed at once; that is done when its whole state, read anew, says so too.`,
    );
    return new Error('The whole state is needed to confirm a large removal.');
  }

  #commit({ state, desired, whole }: Committed, traceparent: string | null): null {
    if (this.#doubted) this.#noteConfirmation(desired);
    this.#state = state;
    this.#doubted = null;
    this.#failures = 0;
    this.#misfits = 0;
    this.#options.onStep(desired, whole, traceparent);
    return null;
  }

  #noteConfirmation(next: DesiredState): void {
    const { log } = this.#options;
    const { cursor } = next;
    const removal = largeRemoval(this.desired, next);
    if (removal === null) {
      log.warn({ cursor }, 'The whole state does not confirm the large removal.');
      return;
    }
    const { removed, of } = removal;
    log.warn(
      { removed, limits: of, cursor },
      `The whole state says so too: ${removed} of this host's ${of} limits are removed.`,
    );
  }
}
