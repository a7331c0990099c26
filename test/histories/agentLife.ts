import { Connection } from '../../agent/connection.ts';
import type { DesiredState } from '../../agent/desired.ts';
import { Feed } from '../../agent/feed.ts';
import { Heartbeat } from '../../agent/heartbeat.ts';
import type { SessionTiming } from '../../agent/session.ts';
import { silent } from '../support/agentConnection.ts';
import { positionOf, type Recording, stateOf } from './recording.ts';
import { recordingSession } from './recordingSession.ts';

/** Pauses and patience of a tenth of the agent's own, so that a history takes seconds. */
export const timing: SessionTiming = {
  openMs: 2_000,
  pingMs: 1_000,
  pongMs: 1_500,
  answerMs: 5_000,
  closeMs: 200,
};
const soon = { baseMs: 20, capMs: 500 };
const patience = { transient: soon, refused: soon };

export interface AgentHome {
  readonly host: string;
  readonly servers: readonly string[];
  readonly token: string;
  readonly recording: Recording;
}

/** One agent's process, less its switch: its own feed and connection, from its start until it is killed. */
export class AgentLife {
  /** The states that reached its disk, oldest first. */
  readonly saved: DesiredState[];
  readonly #home: AgentHome;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  /** How many messages the step now being taken has come in. */
  #pieces = 0;

  constructor(home: AgentHome, saved: readonly DesiredState[]) {
    this.#home = home;
    this.saved = [...saved];
    const { host, recording } = home;
    const initial = saved.at(-1) ?? null;
    recording.add({ kind: 'started', host, position: positionOf(initial?.cursor) });
    this.#running = this.#connection(initial).run(this.#stop.signal);
  }

  async end(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  #connection(initial: DesiredState | null): Connection {
    const { host, servers, token, recording } = this.#home;
    const onStep = (desired: DesiredState) => this.#applied(desired);
    const feed = new Feed({ host, initial, log: silent, patience, onStep });
    const heartbeat = new Heartbeat({
      host,
      version: 'history',
      configurations: () => ({}),
      confirmed: () => this.saved.at(-1)?.cursor ?? null,
      told: () => {},
      log: silent,
      patience,
    });
    const onMessage = (pieces: number) => {
      this.#pieces = pieces;
    };
    const recorded = {
      name: feed.name,
      serve: (session: Parameters<Feed['serve']>[0], signal: AbortSignal) =>
        feed.serve(recordingSession(session, host, recording, onMessage), signal),
    };
    return new Connection({
      servers,
      token: async () => token,
      users: [heartbeat, recorded],
      log: silent,
      timing,
      patience,
      onConnected: () => {},
    });
  }

  #applied(desired: DesiredState): void {
    const { host, recording } = this.#home;
    const position = positionOf(desired.cursor) ?? { epoch: 'garbage', head: 0 };
    const state = stateOf(desired);
    recording.add({ kind: 'applied', host, position, state, pieces: this.#pieces });
    this.saved.push(desired);
  }
}
