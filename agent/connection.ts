import { messageOf } from '../lib/errors.ts';
import { type Part, runTogether } from '../lib/lifecycle.ts';
import type { Logger } from '../lib/log.ts';
import { sleep } from '../lib/retry.ts';
import type { GraphqlSession } from './graphqlSession.ts';
import { type Patience, pauseMs } from './persist.ts';
import type { Session, SessionTiming } from './session.ts';
import { isRefusal, isServerLeaving } from './sessionErrors.ts';
import type { ClientTls } from './tls.ts';

/** Something that talks to the server while there is a session, and starts anew with the next one. */
export interface SessionUser {
  readonly name: string;
  /** Resolves when the signal aborts, which it does with the session. */
  serve(session: Session, signal: AbortSignal): Promise<void>;
}

export interface ConnectionOptions {
  /** GraphQL endpoints, tried in turn. */
  readonly servers: readonly string[];
  /** Asked on every attempt, so that a token that was replaced is found. */
  /** Said beside a certificate, which may name several. */
  readonly host?: string;
  readonly token: (server: string) => Promise<string | undefined>;
  /** Asked on every attempt too. Default: the system's authorities, and no certificate. */
  readonly tls?: () => Promise<ClientTls>;
  readonly users: readonly SessionUser[];
  readonly log: Logger;
  readonly timing: SessionTiming;
  readonly patience: Patience;
  readonly onConnected: (connected: boolean) => void;
}

/** A session that lasted so long was a good one: what ended it is a new trouble, met with short pauses. */
const goodMs = 10_000;

/** Keeps one session with one of the servers, for ever: whatever ends it, the next attempt follows. */
export class Connection implements Part {
  readonly name = 'connection';
  readonly #options: ConnectionOptions;
  #said = '';
  #session: GraphqlSession | undefined;
  #reconnects = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** Takes leave of the server and dials again at once: with another credential. */
  reconnect(): void {
    this.#reconnects = true;
    void this.#session?.close();
  }

  async run(signal: AbortSignal): Promise<void> {
    const { servers, patience } = this.#options;
    let failures = 0;
    for (let turn = 0; !signal.aborted; turn += 1) {
      const server = servers[turn % servers.length] ?? '';
      const dialledAt = performance.now();
      const error = await this.#attempt(server, signal);
      if (signal.aborted) return;
      if (this.#reconnects) {
        this.#reconnects = false;
        turn -= 1;
        continue;
      }
      this.#logEnd(server, error);
      failures = performance.now() - dialledAt < goodMs ? failures + 1 : 0;
      // One round through the list counts as one failure: with one server away, the next is asked soon.
      const rounds = Math.floor(failures / servers.length);
      const atOnce = isServerLeaving(error) && servers.length > 1 && rounds === 0;
      await sleep(atOnce ? 0 : pauseMs(error, rounds, patience), signal);
    }
  }

  /** One session from dialling to its end; gives what ended it. */
  async #attempt(server: string, signal: AbortSignal): Promise<unknown> {
    const { timing, host, token, tls, onConnected } = this.#options;
    let session: GraphqlSession;
    try {
      // Only now: the driver has begun to ask its switch, which answers while this is loaded.
      const { openSession } = await import('./graphqlSession.ts');
      session = await openSession({
        ...{ server, host, timing, signal },
        token: await token(server),
        tls: (await tls?.()) ?? {},
      });
    } catch (error) {
      return error;
    }
    this.#logConnected(server);
    onConnected(true);
    this.#session = session;
    try {
      await this.#serve(session, signal);
    } finally {
      onConnected(false);
      await session.close();
    }
    return session.signal.reason;
  }

  async #serve(session: Session, signal: AbortSignal): Promise<void> {
    const parts = this.#options.users.map((user) => ({
      name: user.name,
      run: (stopped: AbortSignal) => user.serve(session, stopped),
    }));
    await runTogether(parts, AbortSignal.any([signal, session.signal]));
  }

  #logConnected(server: string): void {
    this.#said = '';
    this.#options.log.info({ server }, 'Connected to the server.');
  }

  /** The same trouble again is not said again. */
  #logEnd(server: string, error: unknown): void {
    const fault = messageOf(error);
    const level = fault === this.#said ? 'debug' : 'warn';
    this.#said = fault;
    const sentence = isRefusal(error)
      ? 'The server refuses the token. Limits stay; trying again with the token that is then there.'
      : 'No connection to the server. Limits stay; trying again.';
    this.#options.log[level]({ server, fault }, sentence);
  }
}
