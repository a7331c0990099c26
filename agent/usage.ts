import { messageOf } from '../lib/errors.ts';
import type { Logger } from '../lib/log.ts';
import { Mailbox } from '../lib/mailbox.ts';
import { ReportUsageDocument, type UsageInput } from '../schema/generated/graphql.ts';
import type { SessionUser } from './connection.ts';
import type { Usage } from './drivers/driver.ts';
import type { Session } from './session.ts';

/** The most entries that one report carries (schema: ReportUsageInput). */
const maxUsagePerReport = 500;

export interface UsageReporterOptions {
  readonly host: string;
  /** What every limit has counted by now. */
  readonly read: () => Promise<readonly Usage[]>;
  readonly log: Logger;
}

/** Tells the server what limits let pass and dropped. A sample that is lost is not sent again: the next says more. */
export class UsageReporter implements SessionUser {
  readonly name = 'usage';
  readonly #options: UsageReporterOptions;
  readonly #mailbox = new Mailbox();
  #said = '';

  constructor(options: UsageReporterOptions) {
    this.#options = options;
  }

  /** A sample is due. */
  sample(): void {
    this.#mailbox.post();
  }

  async serve(session: Session, signal: AbortSignal): Promise<void> {
    while (await this.#mailbox.take(signal)) {
      try {
        await this.#send(session);
        this.#said = '';
      } catch (error) {
        if (!signal.aborted) this.#noteFailure(error);
      }
    }
  }

  async #send(session: Session): Promise<void> {
    const { host, read } = this.#options;
    const usage = (await read()).map(toInput);
    for (let start = 0; start < usage.length; start += maxUsagePerReport) {
      const piece = usage.slice(start, start + maxUsagePerReport);
      await session.request(ReportUsageDocument, { input: { host, usage: piece } });
    }
  }

  /** The same failure again is not said again. */
  #noteFailure(error: unknown): void {
    const fault = messageOf(error);
    const level = fault === this.#said ? 'debug' : 'warn';
    this.#said = fault;
    this.#options.log[level]({ fault }, 'Could not report usage; trying with the next heartbeat.');
  }
}

function toInput(usage: Usage): UsageInput {
  const { portId, direction, ruleId, bytes, packets, droppedBytes, droppedPackets } = usage;
  const countedMs = usage.countedMs === null ? null : Math.round(usage.countedMs);
  return {
    portId,
    direction,
    ruleId,
    bytes: textOf(bytes),
    packets: String(packets),
    droppedBytes: textOf(droppedBytes),
    droppedPackets: textOf(droppedPackets),
    countedMs: textOf(countedMs),
  };
}

function textOf(count: bigint | number | null): string | null {
  return count === null ? null : String(count);
}
