import type { MikroORM } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { messageOf } from '../../lib/errors.ts';
import type { Part } from '../../lib/lifecycle.ts';
import type { Logger } from '../../lib/log.ts';
import { sleep } from '../../lib/retry.ts';
import { query } from '../db/query.ts';
import type { Hub } from './hub.ts';

const chunk = 1_000;

/**
 * Every few seconds compares the heads of the hosts whose feeds are open here with what they were
 * told, and wakes those behind: a lost doorbell costs seconds, never truth (invariant 4).
 */
export class FeedWatch implements Part {
  readonly name = 'feed watch';
  readonly #orm: MikroORM;
  readonly #hub: Hub;
  readonly #log: Logger;
  readonly #intervalMs: number;

  constructor(orm: MikroORM, hub: Hub, log: Logger, intervalMs = 3_000) {
    this.#orm = orm;
    this.#hub = hub;
    this.#log = log;
    this.#intervalMs = intervalMs;
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await sleep(this.#intervalMs, signal);
      await this.#look().catch((error: unknown) => {
        this.#log.warn({ reason: messageOf(error) }, 'the feed watch could not look; trying again');
      });
    }
  }

  async #look(): Promise<void> {
    const hosts = this.#hub.hosts();
    for (let start = 0; start < hosts.length; start += chunk) {
      const heads = await query(
        this.#orm.em.fork(),
        sql<{ host: string; epoch: string; head: string }>`
          select host, epoch::text || '.' || (select sluice_cluster()) as epoch, head
          from host_feeds where host = any (${hosts.slice(start, start + chunk)}::text[])`,
      );
      for (const { host, epoch, head } of heads) {
        this.#hub.wakeBehind(host, { epoch, revision: BigInt(head) });
      }
    }
  }
}
