import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type DocumentNode,
  GraphQLError,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import type { Actor } from '../domain/actor.ts';
import { refuseUntil } from '../domain/errors.ts';
import { callerOf } from './budget.ts';

const kib = 1024;

/** For applyQosRules with its 10,000 rules; nothing else has so much to say. */
export const largestBody = 8 * kib * kib;
const usualBody = 256 * kib;
const largeOperation = 'applyQosRules';

/** Large bodies that are in memory at a time: of one caller, and in all. */
const mostLarge = { ofCaller: 2, inAll: 16 } as const;

/** Says of each body, before any of it is read, whether it may come: by what it says of its size, and who sends it. */
export class BodyLimit {
  readonly #large = new Map<IncomingMessage, string>();

  /**
   * Throws where the body may not come. It needs Content-Length, which Node then holds the sender to; a body in
   * chunks has none. May be asked again for the same request.
   */
  admit(request: IncomingMessage, response: ServerResponse, actor: Actor): void {
    if (request.headers['transfer-encoding'] !== undefined) {
      throw tooLarge('Send the request with a Content-Length, not in chunks.', 411);
    }
    const size = sizeOf(request);
    const most = mayApply(actor) ? largestBody : usualBody;
    if (size > most) {
      throw tooLarge(
        `The request may have ${most} bytes at most with this role, not ${size}.`,
        413,
      );
    }
    if (size > usualBody) this.#takePlace(request, response, callerOf(actor));
  }

  #takePlace(request: IncomingMessage, response: ServerResponse, caller: string): void {
    if (this.#large.has(request)) return;
    const own = [...this.#large.values()].filter((other) => other === caller).length;
    if (own >= mostLarge.ofCaller || this.#large.size >= mostLarge.inAll) {
      throw refuseUntil(
        `The server reads ${mostLarge.ofCaller} bodies of more than ${usualBody} bytes at a time of one caller, and ${mostLarge.inAll} of all: send this one when another was answered.`,
        1,
      );
    }
    this.#large.set(request, caller);
    response.once('close', () => this.#large.delete(request));
  }
}

/** What is wrong with a body of its size that says this; undefined: nothing. `document` is null where it is none. */
export function largeBodyFault(
  request: IncomingMessage,
  document: DocumentNode | null,
  operationName: string | null | undefined,
): GraphQLError | undefined {
  const size = sizeOf(request);
  if (size <= usualBody) return undefined;
  if (document && isLarge(getOperationAST(document, operationName))) return undefined;
  return tooLarge(
    `The request may have ${usualBody} bytes at most, not ${size}: only ${largeOperation} alone may have more.`,
    413,
  );
}

const isLarge = (operation: OperationDefinitionNode | null | undefined): boolean =>
  operation?.selectionSet.selections.every(
    (selection) => selection.kind === Kind.FIELD && selection.name.value === largeOperation,
  ) ?? false;

const mayApply = ({ role }: Actor): boolean => role === 'admin' || role === 'member';

const sizeOf = ({ headers }: IncomingMessage): number => Number(headers['content-length'] ?? 0);

const tooLarge = (message: string, status: number): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'REQUEST_ENTITY_TOO_LARGE', http: { status } } });
