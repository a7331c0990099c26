import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type GraphQLError,
  subscribe,
} from 'graphql';
import type { Logger } from '../../lib/log.ts';
import { Recent } from '../../lib/recent.ts';
import type { Tracing } from '../../lib/tracing.ts';
import { Work } from '../db/work.ts';
import type { Role } from '../domain/actor.ts';
import type { Context } from '../graphql/context.ts';
import { documentErrors, parseDocument } from '../graphql/documents.ts';
import { faultError } from '../graphql/errors.ts';
import { judgedResult } from '../graphql/judgedResult.ts';
import { schema } from '../graphql/schema.ts';
import { trustFault } from '../graphql/trustedDocuments.ts';
import { boundedOperation } from './boundedOperation.ts';
import type { Limits } from './limits.ts';
import { type Metrics, startOperation } from './metrics.ts';
import { tracedOperation } from './tracedOperation.ts';

/** Documents that are kept: a client has a few, which it sends again and again. Parsed, one that somebody makes up takes half a MiB. */
const most = { documents: 128, characters: 4 * 1024 } as const;

type EngineLimits = Pick<Limits, 'trustedFor' | 'operationMs'>;

/**
 * Runs operations by graphql-js alone, with the same limits, rules and judgement of errors as Yoga's plugins. What
 * Yoga does besides, for every operation anew, is for HTTP, and ten thousand agents feel it.
 */
export class Engine {
  readonly #documents = new Recent<string, DocumentNode>(most.documents);
  readonly #metrics: Metrics;
  readonly #log: Logger;
  readonly #tracing: Tracing;
  readonly #limits: EngineLimits;

  constructor(metrics: Metrics, log: Logger, tracing: Tracing, limits: EngineLimits) {
    this.#metrics = metrics;
    this.#log = log;
    this.#tracing = tracing;
    this.#limits = limits;
  }

  /** A document that may run with a credential of this role, or what is wrong with it. Throws a syntax error. */
  read(text: string, role: Role): DocumentNode | readonly GraphQLError[] {
    const untrusted = trustFault(this.#limits.trustedFor, role, text);
    if (untrusted) return [faultError(untrusted)];
    const known = this.#documents.get(text);
    if (known) return known;
    const document = parseDocument(text);
    const errors = documentErrors(schema, document);
    if (errors.length > 0) return errors;
    if (text.length <= most.characters) this.#documents.set(text, document);
    return document;
  }

  /** Of a query or mutation. */
  execute(args: ExecutionArgs): Promise<ExecutionResult> {
    return tracedOperation(this.#tracing, args, () => this.#execute(args));
  }

  async #execute(args: ExecutionArgs): Promise<ExecutionResult> {
    const ended = startOperation(this.#metrics, args);
    const { operationMs } = this.#limits;
    const executed = await boundedOperation(operationMs, args, () => execute(args));
    const result = this.#judged(executed, args);
    ended(result);
    return result;
  }

  /** What it has under way in the database when its signal aborts is cancelled. */
  async subscribe(
    args: ExecutionArgs,
  ): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
    const results = await subscribe(args);
    if (!(Symbol.asyncIterator in results)) return this.#judged(results, args);
    return this.#judgedEach(results, args, Work.until((args.contextValue as Context).signal));
  }

  #judged(result: ExecutionResult, args: ExecutionArgs): ExecutionResult {
    return judgedResult(result, this.#log, { args, trustedFor: this.#limits.trustedFor });
  }

  #judgedEach(
    results: AsyncGenerator<ExecutionResult, void, void>,
    args: ExecutionArgs,
    work: Work,
  ): AsyncIterableIterator<ExecutionResult> {
    const ended = { done: true, value: undefined } as const;
    return {
      next: async () => {
        try {
          const { done, value } = await work.run(() => results.next());
          // What fails for its cancelling fails for nobody.
          if (done || work.isCut) return ended;
          this.#metrics.steps.inc();
          return { value: this.#judged(value, args) };
        } catch (error) {
          if (work.isCut) return ended;
          throw error;
        }
      },
      return: async () => ({ done: true, value: await results.return() }),
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }
}
