import type { Logger } from '../lib/log.ts';
import { Mailbox } from '../lib/mailbox.ts';
import { ReportPortsDocument } from '../schema/generated/graphql.ts';
import type { SessionUser } from './connection.ts';
import type { PluggedPort } from './drivers/driver.ts';
import { type Patience, persist } from './persist.ts';
import { byId, changeReports, completeReports, type PortMap } from './pluggedPorts.ts';
import type { Session } from './session.ts';

export interface PortsOptions {
  readonly host: string;
  readonly log: Logger;
  readonly patience: Patience;
  /** Resolves when it is time to begin on a connection; left out: at once. */
  readonly whenDue?: (signal: AbortSignal) => Promise<void>;
}

/** Tells the server which ports this host's switch has: all of them on each connection, then what changes. */
export class Ports implements SessionUser {
  readonly name = 'ports';
  readonly #options: PortsOptions;
  readonly #mailbox = new Mailbox();
  #observed: readonly PluggedPort[] | null = null;
  /** Null until the switch was seen in full: saying "none" then would end every binding. */
  #current: PortMap | null = null;
  /** What the server is known to know; null: all has to be said. */
  #known: PortMap | null = null;
  /** Raised by `forget`: what was on its way then proves nothing. */
  #generation = 0;
  /** Another host has them, or they are too many at once: they are said again after a while. */
  #refused = 0;

  constructor(options: PortsOptions) {
    this.#options = options;
  }

  /** Takes in what the switch has now, in full. */
  observed(ports: readonly PluggedPort[]): void {
    if (ports === this.#observed) return;
    this.#observed = ports;
    this.#current = byId(ports);
    this.#mailbox.post();
  }

  /** The server may know nothing any more: all is said again. */
  forget(): void {
    this.#known = null;
    this.#generation += 1;
    this.#mailbox.post();
  }

  async serve(session: Session, signal: AbortSignal): Promise<void> {
    this.forget();
    await this.#options.whenDue?.(signal);
    while (!signal.aborted) {
      await this.#mailbox.take(this.#pause(signal));
      if (!signal.aborted) await this.#send(session, signal);
    }
  }

  /** Until there is something to say, it ends when refused ports are to be said again. */
  #pause(signal: AbortSignal): AbortSignal {
    if (this.#refused === 0) return signal;
    const { baseMs } = this.#options.patience.refused;
    return AbortSignal.any([signal, AbortSignal.timeout(baseMs)]);
  }

  async #send(session: Session, signal: AbortSignal): Promise<void> {
    const { log, patience } = this.#options;
    const attempt = () => this.#bringUpToDate(session);
    await persist(attempt, { what: 'report ports', signal, log, patience });
  }

  /** Once for as long as it stays so. */
  #tellRefused(refused: readonly { readonly message: string }[]): void {
    const fault = refused[0]?.message ?? null;
    if (fault !== null && this.#refused !== refused.length) {
      const ports = refused.length;
      this.#options.log.warn(
        { ports, fault },
        'The server takes ports of this host not as its own yet.',
      );
    }
    this.#refused = refused.length;
  }

  async #bringUpToDate(session: Session): Promise<void> {
    const [current, known, generation] = [this.#current, this.#known, this.#generation];
    if (current === null || current === known) return;
    const reports = known ? changeReports(known, current) : completeReports(current);
    // Until all have arrived, the next attempt says everything.
    this.#known = null;
    const { host } = this.#options;
    const refused: { portId: string; message: string }[] = [];
    for (const report of reports) {
      const answer = await session.request(ReportPortsDocument, { input: { host, ...report } });
      refused.push(...answer.reportPorts.refused);
    }
    this.#tellRefused(refused);
    if (generation !== this.#generation) return;
    const ids = new Set(refused.map(({ portId }) => portId));
    const taken = [...current].filter(([portId]) => !ids.has(portId));
    this.#known = ids.size === 0 ? current : new Map(taken);
  }
}
