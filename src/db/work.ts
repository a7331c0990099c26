import { AsyncLocalStorage } from 'node:async_hooks';
import type { Pool, PoolClient } from 'pg';
import { sleep } from '../../lib/retry.ts';
import { cancelRequest, socketOf } from './connections.ts';

/**
 * What one caller has under way in the database. Cut short, it gets no connection any more, and what runs on those
 * that it holds is cancelled.
 */
export class Work {
  readonly #atCut = new Set<() => void>();
  #isCut = false;

  /** The work that goes on here, if it is any caller's. */
  static get current(): Work | undefined {
    return under.getStore();
  }

  /** Is cut when the signal aborts; for what lives as long as the signal. */
  static until(signal: AbortSignal): Work {
    const work = new Work();
    signal.addEventListener('abort', () => work.cut(), { once: true });
    return work;
  }

  get isCut(): boolean {
    return this.#isCut;
  }

  run<T>(work: () => T): T {
    return under.run(this, work);
  }

  cut(): void {
    this.#isCut = true;
    for (const act of this.#atCut) act();
  }

  /** Has `act` done where this is cut before the result is called. */
  atCut(act: () => void): () => void {
    if (this.#isCut) act();
    else this.#atCut.add(act);
    return () => this.#atCut.delete(act);
  }
}

const under = new AsyncLocalStorage<Work>();

/** Between two attempts to cancel: a statement may begin just after one. */
const cancelEveryMs = 100;
/** After so many the connection is given up, and what runs there ends by its statement_timeout. */
const mostCancels = 15;

/** How long a work that was cut holds anything yet. */
export const mostMsToEndWork = cancelEveryMs * mostCancels;

/** Has the pool lend connections to whoever asks, as long as the work that they are for is not cut. */
export function endCutWork(pool: Pool): void {
  const connect = pool.connect.bind(pool) as Connect;
  const connectFor: Connect = (callback) => {
    const work = Work.current;
    if (!work) return connect(callback);
    const lent = lend(work, connect() as Promise<PoolClient>);
    if (!callback) return lent;
    lent.then(
      (client) => callback(undefined, client, client.release),
      (error: Error) => callback(error, undefined, () => undefined),
    );
    return undefined;
  };
  Object.assign(pool, { connect: connectFor });
}

type Lent = (
  error: Error | undefined,
  client: PoolClient | undefined,
  release: PoolClient['release'],
) => void;
/** Both ways of asking in one: by promise, and as the pool's own query() does. */
type Connect = (callback?: Lent) => Promise<PoolClient> | undefined;

function lend(work: Work, connecting: Promise<PoolClient>): Promise<PoolClient> {
  return new Promise((resolve, reject) => {
    const waitsNoMore = work.atCut(() => reject(new Error('The work was cut short.')));
    connecting.then((client) => {
      waitsNoMore();
      if (work.isCut) return client.release();
      watch(work, client);
      resolve(client);
    }, reject);
  });
}

/**
 * Cancels what runs on the connection once the work is cut. Nobody has this connection after that: a request to
 * cancel may arrive late, and would end what another one runs there.
 */
function watch(work: Work, client: PoolClient): void {
  let isLent = true;
  const release = client.release.bind(client);
  const forget = work.atCut(() => void endStatements(client, () => isLent));
  client.release = (error) => {
    isLent = false;
    forget();
    release(error || work.isCut);
  };
}

async function endStatements(client: PoolClient, isLent: () => boolean): Promise<void> {
  for (let cancels = 0; cancels < mostCancels && isLent(); cancels += 1) {
    await Promise.all([cancelRequest(client), sleep(cancelEveryMs)]);
  }
  if (isLent()) socketOf(client).destroy();
}
