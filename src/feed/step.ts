import type { FeedPosition } from '../domain/feedCursor.ts';
import type { FeedPage, PortQos } from './readFeed.ts';

/** One piece of one step of a host's feed: the contract's HostQosChange, before its cursors are encoded. */
export interface HostQosStep {
  readonly from: FeedPosition | null;
  readonly to: FeedPosition;
  readonly more: boolean;
  readonly adminStateUp: boolean;
  readonly ports: readonly PortQos[];
  /** The trace of the change that this step tells of, where one is known. */
  readonly traceparent?: string | undefined;
}

/** The first page of a feed, for an agent that comes or comes back. */
export type ReadFirst = (host: string, since: FeedPosition | null) => Promise<FeedPage>;

/** Reads one page of the host's feed. */
export type ReadPage = (since: FeedPosition | null, afterPort: string | null) => Promise<FeedPage>;

/**
 * One step, from `since` to where the feed stood at the first page, in as many pieces as it takes. A
 * later page may carry values newer than `to`; they come again in the next step. If compaction
 * overtakes the step, it starts over, as the whole state (invariant 3).
 */
export async function* readStep(
  read: ReadPage,
  since: FeedPosition | null,
): AsyncGenerator<HostQosStep, void, undefined> {
  let page = await read(since, null);
  let { from, to } = rangeOf(page, since);
  yield pieceOf(page, from, to);
  while (page.nextAfter !== null) {
    page = await read(from, page.nextAfter);
    if (overtaken(page, from, to)) {
      page = await read(from, null);
      ({ from, to } = rangeOf(page, from));
    }
    yield pieceOf(page, from, to);
  }
}

const rangeOf = (page: FeedPage, since: FeedPosition | null) => ({
  from: page.since === null ? null : since,
  to: page.head,
});

const pieceOf = (page: FeedPage, from: FeedPosition | null, to: FeedPosition): HostQosStep => ({
  from,
  to,
  more: page.nextAfter !== null,
  adminStateUp: page.adminStateUp,
  ports: page.ports,
});

/** Tombstones that this step, or the one after it, still had to tell of are gone. */
function overtaken(page: FeedPage, from: FeedPosition | null, to: FeedPosition): boolean {
  return page.head.epoch !== to.epoch || page.floor > (from ?? to).revision;
}
