import { connectOpenFlow, type OpenFlowClient } from './client.ts';
import type { OpenFlowError } from './errors.ts';
import type { Message } from './message.ts';

/**
 * Open vSwitch takes 50 messages of a connection and then goes round all of its other work before the next 50
 * (ofproto/connmgr.c, ofconn_run): with 1,000 ports on a userspace bridge a round takes 5 ms, and 2,000 messages take
 * 200 ms over one connection and 55 over four (measured). An agent's start is 5 % shorter with eight than with four.
 */
const lanes = 8;
const messagesARound = 50;

/** A command, and what it is about: commands about the same are dealt with in their order. */
export interface LaneCommand {
  readonly about: number;
  /** Made when it is sent: the switch is at work on the first while the last are made. */
  readonly message: () => Message;
}

/** Several connections to a switch's unix socket for many commands, beside one that is there already. */
export class Lanes implements AsyncDisposable {
  readonly #clients: readonly OpenFlowClient[];
  readonly #opened: readonly OpenFlowClient[];

  /** A switch that takes no more connections is told everything over those that it has. */
  static async open(client: OpenFlowClient, path: string): Promise<Lanes> {
    const opened = await Promise.allSettled(
      Array.from({ length: lanes - 1 }, () => connectOpenFlow(path)),
    );
    const more = opened.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    return new Lanes(client, more);
  }

  private constructor(client: OpenFlowClient, opened: readonly OpenFlowClient[]) {
    this.#clients = [client, ...opened];
    this.#opened = opened;
  }

  /** Gives what came of each, in order. Rejects when a connection ends before its time: some commands may have been dealt with. */
  async batch(commands: readonly LaneCommand[]): Promise<readonly (OpenFlowError | null)[]> {
    const errors: (OpenFlowError | null)[] = commands.map(() => null);
    const send = async (client: OpenFlowClient, mine: readonly number[]) => {
      const messages = mine.flatMap((index) => commands[index]?.message() ?? []);
      const outcomes = await client.batch(messages);
      for (const [n, index] of mine.entries()) errors[index] = outcomes[n] ?? null;
    };
    const byLane = this.#divide(commands);
    const sent: Promise<void>[] = [];
    for (let start = 0; start < commands.length; start += messagesARound) {
      for (const [lane, client] of this.#clients.entries()) {
        const mine = byLane.get(lane)?.slice(start, start + messagesARound) ?? [];
        if (mine.length > 0) sent.push(send(client, mine));
      }
    }
    await Promise.all(sent);
    return errors;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#opened.map((client) => client.close()));
  }

  /** Which commands each connection has, by their places. */
  #divide(commands: readonly LaneCommand[]): ReadonlyMap<number, readonly number[]> {
    const places = commands.map((_command, index) => index);
    return Map.groupBy(places, (index) => (commands[index]?.about ?? 0) % this.#clients.length);
  }
}
