import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import {
  createClient,
  type RequestNote,
  type Client as ServerClient,
} from '../../client/client.ts';
import type { ClientTls } from '../../client/post.ts';
import type { CliConfig } from '../config.ts';
import { readToken } from '../credentials.ts';
import { asUserError } from './faults.ts';

export interface ClientOptions {
  readonly config: CliConfig;
  readonly tls: ClientTls;
  readonly onRequest?: (request: RequestNote) => void;
  /** Told of what a command can do without. */
  readonly onNote?: (sentence: string) => void;
}

/** Asks the server; what it refuses, or that there is none, comes as a UserError that says what to do next. */
export class Client {
  readonly #client: ServerClient;
  readonly #note: (sentence: string) => void;

  constructor({ config, tls, onRequest = () => {}, onNote = () => {} }: ClientOptions) {
    this.#note = onNote;
    this.#client = createClient({
      server: config.server,
      token: () => readToken(config),
      ...tls,
      onRequest,
    });
  }

  note(sentence: string): void {
    this.#note(sentence);
  }

  async request<Result, Variables>(
    document: TypedDocumentNode<Result, Variables>,
    variables: Variables,
    signal?: AbortSignal,
  ): Promise<Result> {
    try {
      return await this.#client.request(document, variables, { signal });
    } catch (error) {
      throw asUserError(error);
    }
  }

  /**
   * Ends when the signal aborts; throws a UserError when the server or the socket ends it: whoever wants to go
   * on subscribes again. Of what happened before `onOpen` nothing is told.
   */
  async *subscribe<Result, Variables extends object>(
    document: TypedDocumentNode<Result, Variables>,
    variables: Variables,
    signal: AbortSignal,
    onOpen?: () => void,
  ): AsyncGenerator<Result, void, undefined> {
    try {
      yield* this.#client.subscribe(document, variables, { signal, ...(onOpen && { onOpen }) });
    } catch (error) {
      throw asUserError(error);
    }
  }
}
