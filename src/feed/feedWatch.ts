import type { EntityManager } from '@mikro-orm/postgresql';
import { messageOf } from '../../lib/errors.ts';
import type { Part } from '../../lib/lifecycle.ts';
import type { Logger } from '../../lib/log.ts';
import { sleep } from '../../lib/retry.ts';
import { hostsElsewhere } from './heads.ts';
import type { Hub } from './hub.ts';

const chunk = 1_000;

/**
 * Every few seconds compares the heads of the hosts whose feeds are open here with what they were
 * told, and wakes those behind: a lost doorbell costs seconds, never truth (invariant 4).
 */
export class FeedWatch implements Part {
  readonly name = 'feed watch';
  readonly #em: EntityManager;
  readonly #hub: Hub;
  readonly #log: Logger;
  readonly #intervalMs: number;

  constructor(em: EntityManager, hub: Hub, log: Logger, intervalMs = 3_000) {
    this.#em = em;
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
    const told = this.#hub.told();
    for (let start = 0; start < told.length; start += chunk) {
      const hosts = await hostsElsewhere(this.#em.fork(), told.slice(start, start + chunk));
      for (const host of hosts) this.#hub.wake(host);
    }
  }
}
