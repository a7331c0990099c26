import { connectOpenFlow, type OpenFlowClient } from './client.ts';
import type { OpenFlowError } from './errors.ts';
import type { Message } from './message.ts';

/**
 * Open vSwitch takes 50 messages of a connection and then goes round all of its other work before the next 50
 * (ofproto/connmgr.c, ofconn_run): with 1,000 ports on a userspace bridge a round takes 5 ms, and 2,000 messages take
 * 200 ms over one connection and 55 over four (measured; eight would save 20 more and cost 12 to open).
 */
const lanes = 4;

/** A command, and what it is about: commands about the same are dealt with in their order. */
export interface LaneCommand {
  readonly about: number;
  readonly message: Message;
}

/**
 * Sends many commands over several connections to a switch's unix socket; gives what came of each, in order. `client`
 * is one of the connections. Rejects when one of them ends before its time: some commands may have been dealt with.
 */
export async function batchInLanes(
  client: OpenFlowClient,
  path: string,
  commands: readonly LaneCommand[],
): Promise<readonly (OpenFlowError | null)[]> {
  await using others = new AsyncDisposableStack();
  const opened = await Promise.allSettled(
    Array.from({ length: lanes - 1 }, () => connectOpenFlow(path)),
  );
  // A switch that takes no more connections is told everything over those that it has.
  const more = opened.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  for (const each of more) others.use(each);
  const clients = [client, ...more];
  const errors: (OpenFlowError | null)[] = commands.map(() => null);
  const indices = commands.map((_command, index) => index);
  const byLane = Map.groupBy(indices, (index) => (commands[index]?.about ?? 0) % clients.length);
  const sent = [...byLane].map(async ([lane, mine]) => {
    const messages = mine.flatMap((index) => commands[index]?.message ?? []);
    const outcomes = await clients[lane]?.batch(messages);
    for (const [n, index] of mine.entries()) errors[index] = outcomes?.[n] ?? null;
  });
  await Promise.all(sent);
  return errors;
}
