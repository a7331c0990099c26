import type { MikroORM } from '@mikro-orm/postgresql';
import { Bulk } from '../../lib/bulk.ts';
import { isUnavailable } from '../db/unavailable.ts';
import { settledPage } from './hostQosChanges.ts';
import { type FeedPage, type FeedStart, readFirstPages } from './readFeed.ts';
import type { ReadFirst } from './step.ts';

/** Small: a hundred of them in one answer keep the loop responsive. What is more comes in pages of their usual size. */
const mostPorts = 20;

/**
 * Reads the first pages of those who come at about the same time together: of a fleet that lost its server, most
 * have missed nothing, and the others' few ports cost less than a statement of their own.
 */
export function firstPageReader(orm: MikroORM, piecePorts = mostPorts): ReadFirst {
  const bulk = new Bulk<FeedStart, FeedPage | null>({
    write: (starts) => readFirstPages(orm.em, starts, Math.min(piecePorts, mostPorts)),
    most: 100,
    gatherMs: 20,
    concernsAll: isUnavailable,
  });
  return (host, since) => settledPage(orm.em, host, since, () => bulk.add({ host, since }));
}
