import type { EntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { messageOf } from '../../lib/errors.ts';
import type { Part } from '../../lib/lifecycle.ts';
import type { Logger } from '../../lib/log.ts';
import { sleep } from '../../lib/retry.ts';
import { query } from '../db/query.ts';

const intervalMs = 3_000;

/** The tokens that were revoked, read again every few seconds. While the database is away the last known hold. */
export class Revocations implements Part {
  readonly name = 'revocations';
  readonly #em: EntityManager;
  readonly #log: Logger;
  #revoked: ReadonlySet<string> | undefined;

  constructor(em: EntityManager, log: Logger) {
    this.#em = em;
    this.#log = log;
  }

  /** Undefined until they were read for the first time: nobody can be let in before. */
  has(tokenId: string): boolean | undefined {
    return this.#revoked?.has(tokenId);
  }

  get known(): boolean {
    return this.#revoked !== undefined;
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#refresh().catch((error: unknown) => {
        this.#log.warn(
          { reason: messageOf(error) },
          'Revoked tokens cannot be read; trying again.',
        );
      });
      await sleep(intervalMs, signal);
    }
  }

  async #refresh(): Promise<void> {
    const rows = await query(
      this.#em.fork(),
      sql<{
        id: string;
      }>`select id from revoked_tokens where expires_at is null or expires_at > now()`,
    );
    this.#revoked = new Set(rows.map(({ id }) => id));
  }
}
