import { type Connection, type ConnectionOptions, openConnection } from './connection.ts';
import { decodeDescription, descriptionRequest, type SwitchDescription } from './description.ts';
import type { ConnectionClosed, OpenFlowError } from './errors.ts';
import {
  type CookieFilter,
  decodeFlowStats,
  type FlowFilter,
  type FlowStats,
  flowStatsRequest,
} from './flows.ts';
import type { Message } from './message.ts';
import {
  decodeMeterConfigs,
  decodeMeterFeatures,
  type Meter,
  type MeterFeatures,
  type MeterStats,
  meterConfigRequest,
  meterFeaturesRequest,
  meterStatsRequest,
} from './meters.ts';
import { MeterTally } from './meterTally.ts';
import type { Outcome } from './pending.ts';
import { Snapshot } from './snapshot.ts';

/** So many messages are on their way at once: enough to keep the switch busy, and memory bounded. */
const messagesAtOnce = 1_000;

/**
 * What this program needs of one bridge's OpenFlow 1.3. Commands (`addMeter`, `addFlow`, …) are values
 * that `batch` sends. Every method rejects with ConnectionClosed once the switch is away.
 */
export class OpenFlowClient implements AsyncDisposable {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Resolves once, with the reason, when the connection is gone. Never rejects. */
  get closed(): Promise<ConnectionClosed> {
    return this.#connection.closed;
  }

  /** Sends all commands without waiting in between; resolves when the switch has dealt with each, with its error or null, in order. */
  async batch(commands: readonly Message[]): Promise<(OpenFlowError | null)[]> {
    const errors: (OpenFlowError | null)[] = [];
    for (let start = 0; start < commands.length; start += messagesAtOnce) {
      const part = commands.slice(start, start + messagesAtOnce);
      const outcomes = await this.#connection.transact(part);
      errors.push(...outcomes.map(({ error }) => error));
    }
    return errors;
  }

  /** Resolves when the switch has dealt with everything that was sent before. */
  async barrier(): Promise<void> {
    await this.#connection.transact([]);
  }

  /**
   * Wakes the switch: something comes soon. With 1,000 ports ovs-vswitchd takes 3 to 5 ms from its sleep to the first
   * message, as it looks at each port before (measured); what comes meanwhile is dealt with in the same round.
   */
  nudge(): void {
    this.#connection.nudge();
  }

  /** Which switch this is. */
  async description(): Promise<SwitchDescription> {
    return decodeDescription(await this.#ask(descriptionRequest()));
  }

  /** What meters the bridge can hold. */
  async meterFeatures(): Promise<MeterFeatures> {
    return decodeMeterFeatures(await this.#ask(meterFeaturesRequest()));
  }

  /** The meter of this id; null: there is none. */
  async meter(id: number): Promise<Meter | null> {
    const [outcome] = await this.#connection.transact([meterConfigRequest(id)]);
    if (outcome?.error?.code === 'OFPMMFC_UNKNOWN_METER') return null;
    if (outcome?.error) throw outcome.error;
    return decodeMeterConfigs(outcome?.replies ?? [])[0] ?? null;
  }

  /** All meters, whoever made them. */
  async dumpMeters(): Promise<Meter[]> {
    return decodeMeterConfigs(await this.#ask(meterConfigRequest()));
  }

  /** The counters of all meters. */
  async dumpMeterStats(): Promise<MeterStats[]> {
    return (await this.meterTally()).all();
  }

  /** The same, as the switch sent it. */
  async meterTally(): Promise<MeterTally> {
    return new MeterTally(await this.#ask(meterStatsRequest()));
  }

  /** The flows of these cookies, in all tables unless one is named. */
  async dumpFlows(filter: FlowFilter): Promise<FlowStats[]> {
    return decodeFlowStats(await this.#ask(flowStatsRequest(filter)));
  }

  /** All meters, and the flows of these cookies in all tables. */
  async snapshot(filter: CookieFilter): Promise<Snapshot> {
    const questions = [meterConfigRequest(), flowStatsRequest(filter)];
    const [meters = [], flows = []] = (await this.#connection.transact(questions)).map(repliesIn);
    return new Snapshot(meters, flows);
  }

  /** Closes the connection; what is not answered yet is rejected. */
  close(): Promise<void> {
    return this.#connection.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #ask(question: Message): Promise<readonly Message[]> {
    const [outcome] = await this.#connection.transact([question]);
    return outcome ? repliesIn(outcome) : [];
  }
}

function repliesIn({ replies, error }: Outcome): readonly Message[] {
  if (error) throw error;
  return replies;
}

/** Connects to a bridge's OpenFlow socket, `<rundir>/<bridge>.mgmt`; rejects with ConnectionClosed, whose message says why. */
export async function connectOpenFlow(
  path: string,
  options?: ConnectionOptions,
): Promise<OpenFlowClient> {
  return new OpenFlowClient(await openConnection(path, options));
}
