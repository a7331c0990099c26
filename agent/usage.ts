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

/** What a server knows. */
interface Told {
  /** What it called the sample that all of it is of, or came after. */
  readonly since: string;
  readonly usage: ReadonlySet<Usage>;
}

/**
 * Tells the server what limits let pass and dropped: once all of it, from then on what has moved, and that the rest has
 * not. All again where it is not certain that the server has all that was said, and where a limit can be read no more:
 * of that one nothing is known. A sample that is lost is not sent again: the next says more.
 */
export class UsageReporter implements SessionUser {
  readonly name = 'usage';
  readonly #options: UsageReporterOptions;
  readonly #mailbox = new Mailbox();
  #told: Told | null = null;
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
    const usage = await this.#options.read();
    const told = this.#told;
    // Until the server has answered, nobody knows what it knows.
    this.#told = null;
    this.#told =
      (told && (await this.#sendMoved(session, told, usage))) ??
      (await this.#sendAll(session, usage));
  }

  /** Null: all has to be said. */
  async #sendMoved(session: Session, told: Told, usage: readonly Usage[]): Promise<Told | null> {
    const moved = usage.filter((each) => !told.usage.has(each));
    if (moved.length > maxUsagePerReport || isOneLost(told, moved, usage)) return null;
    const { accepted, since } = await this.#report(session, moved, told.since);
    if (since !== told.since || accepted < moved.length) return null;
    return moved.length === 0 ? told : { since, usage: new Set(usage) };
  }

  async #sendAll(session: Session, usage: readonly Usage[]): Promise<Told | null> {
    let told: string | null = null;
    let accepted = 0;
    for (let start = 0; start < usage.length; start += maxUsagePerReport) {
      const piece = usage.slice(start, start + maxUsagePerReport);
      const answer = await this.#report(session, piece, told);
      told ??= answer.since;
      accepted += answer.accepted;
    }
    if (told === null || accepted < usage.length) return null;
    return { since: told, usage: new Set(usage) };
  }

  async #report(session: Session, usage: readonly Usage[], unmovedSince: string | null) {
    const { host } = this.#options;
    const input = { host, usage: usage.map(toInput), unmovedSince };
    return (await session.request(ReportUsageDocument, { input })).reportUsage;
  }

  /** The same failure again is not said again. */
  #noteFailure(error: unknown): void {
    const fault = messageOf(error);
    const level = fault === this.#said ? 'debug' : 'warn';
    this.#said = fault;
    this.#options.log[level]({ fault }, 'Could not report usage; trying with the next heartbeat.');
  }
}

/** Whether a place that was told of is not among what was read now. */
function isOneLost(told: Told, moved: readonly Usage[], usage: readonly Usage[]): boolean {
  if (moved.length === 0) return usage.length < told.usage.size;
  const places = new Set(moved.map(placeOf));
  return told.usage
    .difference(new Set(usage))
    .values()
    .some((each) => !places.has(placeOf(each)));
}

const placeOf = ({ portId, direction }: Usage): string => `${portId} ${direction}`;

function toInput(usage: Usage): UsageInput {
  const { portId, direction, ruleId, bytes, packets, droppedBytes, droppedPackets } = usage;
  const { beganMs } = usage;
  const countedMs = beganMs === null ? null : Math.round(performance.now() - beganMs);
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
