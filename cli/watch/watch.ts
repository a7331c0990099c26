import { messageOf, UserError } from '../../lib/errors.ts';
import { fullJitterMs, sleep } from '../../lib/retry.ts';
import { ServerError } from '../client/serverError.ts';
import type { Context } from '../context.ts';
import { exitCodes } from '../exitCodes.ts';
import type { OutputOptions, View } from '../output/column.ts';
import { type Change, changesBetween, type Event, Known } from './known.ts';
import { type ChangePrinter, createPrinter } from './printer.ts';

export interface Watched<Row extends { readonly id: string }> {
  readonly view: View<Row>;
  /** Table columns that say nothing in a line which stays. */
  readonly leaveOut: readonly string[];
  readonly list: () => Promise<readonly Row[]>;
  readonly events: (signal: AbortSignal, onOpen: () => void) => AsyncIterable<Event<Row>>;
  /** Whether a row of an event is among those asked for. */
  readonly concerns: (row: Row) => boolean;
}

/** Events are best effort: so often everything is read anew, and what they missed is printed. */
const relistMs = 60_000;
const backoff = { baseMs: 500, capMs: 15_000 };

/** Prints everything as it is, then each change, for ever: whatever ends the subscription, another follows. */
export async function watch<Row extends { readonly id: string }>(
  context: Context,
  options: OutputOptions,
  watched: Watched<Row>,
): Promise<never> {
  const known = new Known<Row>();
  const printer = createPrinter(context.terminal, watched.view, watched.leaveOut, options);
  let hasListed = false;
  for (let failures = 0; ; failures += 1) {
    try {
      await follow(watched, known, printer, () => {
        hasListed = true;
        failures = 0;
      });
    } catch (error) {
      if (!hasListed || !mayPass(error)) throw error;
      context.terminal.say(`${messageOf(error)} Trying again.`);
    }
    await sleep(fullJitterMs(failures, backoff));
  }
}

/** A server that is away comes back; what is refused now would be refused again. */
function mayPass(error: unknown): boolean {
  const refused = error instanceof ServerError && error.exitCode !== exitCodes.failed;
  return error instanceof UserError && !refused;
}

/** One subscription, from the list that it starts with to its end. */
async function follow<Row extends { readonly id: string }>(
  { list, events, concerns }: Watched<Row>,
  known: Known<Row>,
  printer: ChangePrinter<Row>,
  onListed: () => void,
): Promise<void> {
  const stop = new AbortController();
  const relist = async () => {
    const rows = await list();
    await printer.print(changesBetween(known, rows));
    onListed();
  };
  const timer = setInterval(() => {
    relist().catch((error: unknown) => stop.abort(error));
  }, relistMs);
  try {
    // Subscribed first: what changes while the list is read is told by an event.
    const opened = Promise.withResolvers<void>();
    const iterator = events(stop.signal, opened.resolve)[Symbol.asyncIterator]();
    let next = iterator.next();
    next.catch(opened.reject);
    await opened.promise;
    await relist();
    for (let event = await next; !event.done; event = await next) {
      next = iterator.next();
      next.catch(() => {});
      if (event.value.type === 'RELOAD') await relist();
      else await printer.print(changesOf(event.value, known, concerns));
    }
    stop.signal.throwIfAborted();
  } finally {
    clearInterval(timer);
    stop.abort();
  }
}

function changesOf<Row extends { readonly id: string }>(
  event: Event<Row>,
  known: Known<Row>,
  concerns: (row: Row) => boolean,
): Change<Row>[] {
  const change = known.take(event, concerns);
  return change ? [change] : [];
}
