import type { Logger } from '../lib/log.ts';
import { Mailbox } from '../lib/mailbox.ts';
import { AgentHeartbeatDocument } from '../schema/generated/graphql.ts';
import type { SessionUser } from './connection.ts';
import { type Patience, persist } from './persist.ts';
import type { Session } from './session.ts';

/** Neutron's name for an agent that does this, so that tools which know it find it (neutron-lib, AGENT_TYPE_OVS). */
const agentType = 'Open vSwitch agent';
const binary = 'sluice-agent';

export interface HeartbeatOptions {
  readonly host: string;
  readonly version: string;
  /** What the agent says about itself and its switch, asked each time. */
  readonly configurations: () => Record<string, unknown>;
  readonly confirmed: () => string | null;
  /** Called with the head of this host's feed as each answer says it, and when (performance.now()) it was asked for. */
  readonly told: (desired: string, sentAtMs: number) => void;
  readonly log: Logger;
  readonly patience: Patience;
}

/** Says that the agent lives: on each connection, in the rhythm the server asks for, and when its host's abilities change. */
export class Heartbeat implements SessionUser {
  readonly name = 'heartbeat';
  readonly #options: HeartbeatOptions;
  readonly #mailbox = new Mailbox();
  #started = false;
  /** Null: nothing yet, and the first heartbeat will say what holds then. */
  #told: string | null = null;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  /** The driver looked at the switch: beats ahead of time if what the agent says about itself did. */
  look(): void {
    if (this.#told === null) return;
    if (JSON.stringify(this.#options.configurations()) !== this.#told) this.#mailbox.post();
  }

  async serve(session: Session, signal: AbortSignal): Promise<void> {
    const { log, patience } = this.#options;
    while (!signal.aborted) {
      let intervalMs = 0;
      const attempt = async () => {
        intervalMs = await this.#beat(session);
      };
      await persist(attempt, { what: 'send a heartbeat', signal, log, patience });
      await this.#pause(intervalMs, signal);
    }
  }

  /** Gives the time until the next. */
  async #beat(session: Session): Promise<number> {
    const { host, version, confirmed } = this.#options;
    const configurations = this.#options.configurations();
    // Before it is sent: a look meanwhile must not repeat what is on its way.
    this.#told = JSON.stringify(configurations);
    const sentAtMs = performance.now();
    const { agentHeartbeat } = await session.request(AgentHeartbeatDocument, {
      input: {
        host,
        binary,
        agentType,
        version,
        configurations,
        startFlag: !this.#started,
        confirmed: confirmed(),
      },
    });
    this.#started = true;
    this.#options.told(agentHeartbeat.desired, sentAtMs);
    return agentHeartbeat.intervalMs;
  }

  /** Up to a tenth early, so that a fleet started together does not beat together. */
  async #pause(intervalMs: number, signal: AbortSignal): Promise<void> {
    const timer = setTimeout(() => this.#mailbox.post(), intervalMs * (1 - Math.random() / 10));
    await this.#mailbox.take(signal);
    clearTimeout(timer);
  }
}
