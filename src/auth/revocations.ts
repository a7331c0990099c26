import type { EntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { messageOf, UserError } from '../../lib/errors.ts';
import type { Part } from '../../lib/lifecycle.ts';
import type { Logger } from '../../lib/log.ts';
import { sleep } from '../../lib/retry.ts';
import { query } from '../db/query.ts';

const tokenId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
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
    const rows = await query(this.#em.fork(), sql<{ id: string }>`select id from revoked_tokens`);
    this.#revoked = new Set(rows.map(({ id }) => id));
  }
}

/** Revokes a token by its id; every server refuses it within seconds and closes what it opened. */
export async function revokeToken(em: EntityManager, id: string): Promise<void> {
  if (!tokenId.test(id)) {
    throw new UserError(`"${id}" is no token's id: it was printed when the token was made.`, 2);
  }
  await query(em, sql`insert into revoked_tokens (id) values (${id}) on conflict do nothing`);
}
