import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { DocumentNode, GraphQLFormattedError } from 'graphql';
// Not from 'graphql' itself, which loads an executor and a validator that no client needs.
import { print } from 'graphql/language/printer.js';
import { messageOf, UserError } from '../../lib/errors.ts';
import { ServerError } from './serverError.ts';

export interface ClientOptions {
  /** GraphQL endpoints, tried in turn until one answers. */
  readonly servers: readonly string[];
  readonly token: () => Promise<string>;
  /** Told of each request that was answered, or was not. */
  readonly onRequest: (request: RequestNote) => void;
  /** Told of what a command can do without. */
  readonly onNote: (sentence: string) => void;
}

export interface RequestNote {
  readonly server: string;
  readonly operation: string;
  readonly milliseconds: number;
  /** Null: it was answered. */
  readonly fault: string | null;
}

const timeoutMs = 30_000;

/** Asks the server over HTTP. Stays with the first endpoint that answers. */
export class Client {
  readonly #options: ClientOptions;
  #current = 0;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /** The endpoint that answered last. */
  get server(): string {
    return this.#options.servers[this.#current] ?? '';
  }

  token(): Promise<string> {
    return this.#options.token();
  }

  note(sentence: string): void {
    this.#options.onNote(sentence);
  }

  /** Rejects with ServerError where the server refuses, else with a UserError that says why there is no answer. */
  async request<Result, Variables>(
    document: TypedDocumentNode<Result, Variables>,
    variables: Variables,
    signal?: AbortSignal,
  ): Promise<Result> {
    const body = JSON.stringify({ query: print(document), variables });
    const token = await this.token();
    const faults: string[] = [];
    for (const _ of this.#options.servers) {
      const answer = await this.#post(operationOf(document), body, token, signal);
      if (answer instanceof Response) return resultOf<Result>(answer, this.server);
      signal?.throwIfAborted();
      faults.push(`No answer from ${this.server}: ${answer.fault}.`);
      // Sent once, a change may have been made although no answer came: it is not sent again.
      if (answer.sent && operationOf(document).kind !== 'query') break;
      this.#current = (this.#current + 1) % this.#options.servers.length;
    }
    throw new UserError(
      [...faults, 'Does it run? SLUICE_SERVER or --server says where.'].join(' '),
    );
  }

  async #post(
    operation: Operation,
    body: string,
    token: string,
    signal: AbortSignal | undefined,
  ): Promise<Response | NoAnswer> {
    const startedAt = performance.now();
    const note = (fault: string | null) =>
      this.#options.onRequest({
        server: this.server,
        operation: operation.name,
        milliseconds: Math.round(performance.now() - startedAt),
        fault,
      });
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(this.server.replace(/^ws/, 'http'), {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body,
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
      note(null);
      return response;
    } catch (error) {
      const answer = noAnswer(error);
      note(answer.fault);
      return answer;
    }
  }
}

interface Operation {
  readonly kind: string;
  readonly name: string;
}

function operationOf(document: DocumentNode): Operation {
  for (const node of document.definitions) {
    if (node.kind === 'OperationDefinition') {
      return { kind: node.operation, name: node.name?.value ?? '' };
    }
  }
  throw new Error('The document has no operation.');
}

interface NoAnswer {
  readonly fault: string;
  /** The request may have reached the server. */
  readonly sent: boolean;
}

const neverSent = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'],
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** fetch says only "fetch failed"; its cause says why. */
function noAnswer(error: unknown): NoAnswer {
  const cause = error instanceof Error && error.cause ? error.cause : error;
  const { code = '' } = cause as { code?: string };
  const fault = messageOf(cause) || String(code);
  return { fault, sent: !neverSent.has(String(code)) };
}

interface Body {
  readonly data?: unknown;
  readonly errors?: readonly GraphQLFormattedError[];
}

async function resultOf<Result>(response: Response, server: string): Promise<Result> {
  const text = await response.text();
  const body = parse(text);
  if (body === undefined) {
    throw new UserError(
      `${server} answered with HTTP ${response.status} and no GraphQL: is that Sluice's endpoint? It ends with /graphql.`,
    );
  }
  if (body.errors) throw new ServerError(body.errors.map(faultOf));
  return body.data as Result;
}

function parse(text: string): Body | undefined {
  try {
    const body = JSON.parse(text) as Body | null;
    return body?.data || body?.errors ? body : undefined;
  } catch {
    return undefined;
  }
}

function faultOf({ message, extensions }: GraphQLFormattedError) {
  const { code, field } = extensions ?? {};
  return {
    message,
    code: typeof code === 'string' ? code : 'INTERNAL_SERVER_ERROR',
    field: typeof field === 'string' ? field : null,
  };
}
