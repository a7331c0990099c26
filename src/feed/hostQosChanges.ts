import type { EntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { messageOf } from '../../lib/errors.ts';
import type { Logger } from '../../lib/log.ts';
import { fullJitterMs, sleep } from '../../lib/retry.ts';
import { query } from '../db/query.ts';
import { isUnavailable } from '../db/unavailable.ts';
import type { FeedPosition } from '../domain/feedCursor.ts';
import type { Hub, Subscriber } from './hub.ts';
import { type FeedPage, readFeedPage } from './readFeed.ts';
import { type HostQosStep, type ReadFirst, type ReadPage, readStep } from './step.ts';

/** Ports in one piece of a step: keeps a message well below the sockets' limit and the loop responsive. */
export const piecePorts = 200;
const backoff = { baseMs: 50, capMs: 2_000 };

/** How a feed is read, where it is not as usual: in smaller pieces, or by a copy that a test broke on purpose. */
export interface FeedReading {
  readonly piecePorts?: number;
  readonly readPage?: typeof readPage;
  /** Reads first pages; where left out, as all others are read. */
  readonly readFirst?: ReadFirst | undefined;
}

export interface FeedSource extends FeedReading {
  /** A feed that says nothing for days holds no entity manager, which is large. */
  readonly em: () => EntityManager;
  readonly hub: Hub;
  readonly log: Logger;
}

/**
 * The feed of one host: a first step at once, even an empty one, so that the agent knows it is
 * current; then each change as it commits. While the database is away the feed waits for it.
 */
export async function* hostQosChanges(
  source: FeedSource,
  host: string,
  since: FeedPosition | null,
  signal: AbortSignal,
): AsyncGenerator<HostQosStep, void, undefined> {
  const subscriber = source.hub.subscribe(host);
  try {
    yield* stepOnceReadable(source, host, subscriber, since, signal);
    while (await subscriber.wait(signal)) {
      yield* stepOnceReadable(source, host, subscriber, subscriber.position, signal);
    }
  } finally {
    subscriber.close();
  }
}

/** One step, read anew after each failure that the database may recover from. */
async function* stepOnceReadable(
  source: FeedSource,
  host: string,
  subscriber: Subscriber,
  since: FeedPosition | null,
  signal: AbortSignal,
): AsyncGenerator<HostQosStep, void, undefined> {
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    try {
      return yield* step(source, host, subscriber, since);
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      source.log.debug({ host, reason: messageOf(error) }, 'the feed waits for the database');
      await sleep(fullJitterMs(attempt, backoff), signal);
    }
  }
}

async function* step(
  source: FeedSource,
  host: string,
  subscriber: Subscriber,
  since: FeedPosition | null,
): AsyncGenerator<HostQosStep, void, undefined> {
  const pages = pagesOf(source, host);
  const reads = subscriber.position ? source.hub.reads.next : source.hub.reads.first;
  const readFirst = subscriber.position ? undefined : source.readFirst;
  // A turn for each page: a large host lets others in between, and one that does not take its pages holds nobody up.
  const read: ReadPage = (from, afterPort) =>
    readFirst && afterPort === null
      ? readFirst(host, from)
      : reads.take(() => pages(from, afterPort));
  for await (const piece of readStep(read, since)) {
    const nothingNew = subscriber.position && piece.from && samePosition(piece.from, piece.to);
    if (nothingNew) {
      subscriber.timer.nothingNew();
    } else {
      subscriber.timer.read();
      const traceparent = subscriber.timer.trace;
      yield traceparent === undefined ? piece : { ...piece, traceparent };
    }
    if (!piece.more) {
      subscriber.position = piece.to;
      subscriber.timer.sent(piece.to);
    }
  }
}

/** The host's pages, as this source reads them. */
export function pagesOf(source: Omit<FeedSource, 'hub' | 'log'>, host: string): ReadPage {
  const { em, piecePorts: pageSize = piecePorts, readPage: read = readPage } = source;
  return (since, afterPort) => read(em(), host, since, afterPort, pageSize);
}

export const samePosition = (a: FeedPosition, b: FeedPosition): boolean =>
  a.epoch === b.epoch && a.revision === b.revision;

/** One page of a host's feed, as `settledPage` has it. */
export const readPage = (
  em: EntityManager,
  host: string,
  since: FeedPosition | null,
  afterPort: string | null,
  pageSize: number,
): Promise<FeedPage> =>
  settledPage(em, host, since, () => readFeedPage(em, host, since, afterPort, pageSize));

/** A page of a host's feed, which is made for a host never heard of, and is another one after a cursor from its future. */
export async function settledPage(
  em: EntityManager,
  host: string,
  since: FeedPosition | null,
  read: () => Promise<FeedPage | null>,
): Promise<FeedPage> {
  for (;;) {
    const page = await read();
    if (!page) {
      const made = sql`insert into host_feeds (host) values (${host}) on conflict do nothing`;
      await query(em.fork(), made);
    } else if (since && isAhead(since, page.head)) {
      await renewEpoch(em, host, since);
    } else {
      return page;
    }
  }
}

const isAhead = (since: FeedPosition, head: FeedPosition): boolean =>
  since.epoch === head.epoch && since.revision > head.revision;

/**
 * A cursor ahead of its head: the database went back, and what it will yet say at these positions is
 * not what the cursor's holder was told. Only a new epoch tells the two apart (invariant 6).
 */
async function renewEpoch(em: EntityManager, host: string, ahead: FeedPosition): Promise<void> {
  await query(
    em.fork(),
    sql`
      update host_feeds set epoch = gen_random_uuid() where host = ${host}
        and epoch::text || '.' || sluice_cluster() = ${ahead.epoch} and head < ${ahead.revision}`,
  );
}
