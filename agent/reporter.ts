import type { Logger } from '../lib/log.ts';
import { Mailbox } from '../lib/mailbox.ts';
import { ReportQosDocument } from '../schema/generated/graphql.ts';
import { ChangeTrace } from './changeTrace.ts';
import type { SessionUser } from './connection.ts';
import type { DesiredState } from './desired.ts';
import type { DirectionResult } from './drivers/driver.ts';
import { type Patience, persist } from './persist.ts';
import { type Batch, Results } from './results.ts';
import type { Session } from './session.ts';

export interface ReporterOptions {
  readonly host: string;
  readonly log: Logger;
  readonly patience: Patience;
  readonly trace?: ChangeTrace;
}

/** Tells the server how far each limit got (invariant 10): what it does not know yet, and no more. */
export class Reporter implements SessionUser {
  readonly name = 'reporter';
  readonly #options: ReporterOptions;
  readonly #results = new Results();
  readonly #mailbox = new Mailbox();
  readonly #trace: ChangeTrace;

  constructor(options: ReporterOptions) {
    this.#options = options;
    this.#trace = options.trace ?? new ChangeTrace();
  }

  /** The last position that the server has confirmed as dealt with. */
  get confirmed(): string | null {
    return this.#results.confirmed;
  }

  /** The switch is as `desired` wants it; `results` are all there are. */
  settled(desired: DesiredState, results: readonly DirectionResult[]): void {
    this.#results.settle(desired, results);
    this.#trace.settled();
    this.#mailbox.post();
  }

  async serve(session: Session, signal: AbortSignal): Promise<void> {
    this.#mailbox.post();
    while (await this.#mailbox.take(signal)) await this.#send(session, signal);
  }

  async #send(session: Session, signal: AbortSignal): Promise<void> {
    const { log, patience } = this.#options;
    const sendAll = async () => {
      for (let batch = this.#results.next(); batch; batch = this.#results.next()) {
        await this.#trace.report(() => this.#request(session, batch));
        this.#results.confirm(batch);
      }
    };
    await persist(sendAll, { what: 'report results', signal, log, patience });
  }

  async #request(session: Session, { to, complete, starts, results }: Batch): Promise<void> {
    const { host } = this.#options;
    const input = { host, to, complete, starts, results: [...results] };
    await session.request(ReportQosDocument, { input });
  }
}
