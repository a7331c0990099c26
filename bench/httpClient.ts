import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';

/**
 * One client of the API over one connection that stays open. Over node:http: on a machine that the
 * server shares, fetch would take as much of it as the server does.
 */
export class HttpClient {
  readonly #url: string;
  readonly #token: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  /** Throws with the errors that it was answered. */
  async request<Result, Variables>(
    document: TypedDocumentNode<Result, Variables>,
    variables: Variables,
  ): Promise<Result> {
    const { data, errors } = JSON.parse(await this.#post(bodyOf(document, variables)));
    if (errors) throw new Error(`The server answered ${JSON.stringify(errors)}`);
    return data;
  }

  close(): void {
    this.#agent.destroy();
  }

  #post(body: string): Promise<string> {
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      authorization: `Bearer ${this.#token}`,
    };
    return new Promise((resolve, reject) => {
      request(this.#url, { method: 'POST', agent: this.#agent, headers }, (response) =>
        text(response).then(resolve, reject),
      )
        .on('error', reject)
        .end(body);
    });
  }
}

const texts = new Map<object, string>();

function bodyOf(document: TypedDocumentNode<unknown, never>, variables: unknown): string {
  const query = texts.get(document) ?? print(document);
  texts.set(document, query);
  return JSON.stringify({ query, variables });
}
