import type { MikroORM } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { query } from '../db/query.ts';
import type { Services } from '../services/services.ts';

const answerTimeoutMs = 2_000;

/** What a server that is not ready lacks. */
export interface Readiness {
  readonly ready: boolean;
  readonly database: string;
  readonly doorbell: string;
  readonly tokens: string;
  readonly stopping: boolean;
}

interface Asked extends Pick<Services, 'doorbell'> {
  readonly orm: MikroORM;
  readonly revocations: { readonly known: boolean };
  /** The server stops, and serves only whom it has. */
  readonly stopping: () => boolean;
}

/** Asks the database; several who ask at once share one statement. */
export class ReadinessProbe {
  readonly #asked: Asked;
  #asking: Promise<Readiness> | undefined;

  constructor(asked: Asked) {
    this.#asked = asked;
  }

  ask(): Promise<Readiness> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #ask(): Promise<Readiness> {
    const answers = await this.#databaseAnswers();
    const { connected } = this.#asked.doorbell;
    const { known } = this.#asked.revocations;
    const stopping = this.#asked.stopping();
    return {
      ready: answers && connected && known && !stopping,
      database: answers ? 'ok' : 'The database does not answer.',
      doorbell: connected ? 'ok' : "Other servers' changes are not heard yet.",
      tokens: known ? 'ok' : 'It is not known yet which tokens are revoked.',
      stopping,
    };
  }

  /** Never rejects: an error, and an answer that is late, are a no. */
  #databaseAnswers(): Promise<boolean> {
    const asked = query(this.#asked.orm.em.fork(), sql`select 1`);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), answerTimeoutMs);
      asked
        .then(
          () => resolve(true),
          () => resolve(false),
        )
        .finally(() => clearTimeout(timer));
    });
  }
}
