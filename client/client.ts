import { type AnswerError, type Attempt, faultOf, NoAnswerError, RefusedError } from './errors.ts';
import { type Document, type Operation, operationOf } from './operation.ts';
import { type ClientTls, type HttpAnswer, post } from './post.ts';
import type { SubscribeOptions } from './subscribe.ts';

export interface ClientOptions {
  /** The GraphQL endpoint, http(s) or ws(s); of several, which are tried in turn, the first that answers is kept. */
  readonly server: string | readonly string[];
  /** Sent as `Authorization: Bearer …`. A function is asked before each request and each connection. */
  readonly token: string | (() => string | Promise<string>);
  /** Certificates (PEM) that may sign the server's, in place of those that Node brings. */
  readonly ca?: string | undefined;
  /** The certificate (PEM) to show a server that asks for one, and its key. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** Told of each request that was answered, or was not. */
  readonly onRequest?: (request: RequestNote) => void;
}

export interface RequestNote {
  readonly server: string;
  readonly operation: string;
  readonly milliseconds: number;
  /** Null: it was answered. */
  readonly fault: string | null;
}

export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
  /** For the whole answer; default 30 s. */
  readonly timeoutMs?: number;
}

export interface Client {
  /** The endpoint that answered last. */
  readonly server: string;

  /**
   * A query or mutation over HTTP. Rejects with RefusedError where the server refuses, with NoAnswerError
   * where none answers. A mutation that may have reached a server is not sent again.
   */
  request<Result, Variables>(
    document: Document<Result, Variables>,
    variables?: Variables,
    options?: RequestOptions,
  ): Promise<Result>;

  /**
   * A subscription on a WebSocket of its own, until the signal aborts. What the server refuses is thrown as a
   * RefusedError; a connection that does not come about or breaks is opened again with `resume`, else thrown.
   */
  subscribe<Result, Variables extends object>(
    document: Document<Result, Variables>,
    variables: Variables,
    options?: SubscribeOptions<Variables>,
  ): AsyncGenerator<Result, void, undefined>;
}

const defaultTimeoutMs = 30_000;

export function createClient(options: ClientOptions): Client {
  const servers = typeof options.server === 'string' ? [options.server] : options.server;
  if (servers.length === 0) throw new Error('A client needs at least one server.');
  const tls = tlsOf(options);
  let current = 0;
  const token = async () =>
    typeof options.token === 'string' ? options.token : await options.token();
  const next = () => {
    current = (current + 1) % servers.length;
  };
  const server = () => servers[current] ?? '';

  return {
    get server() {
      return server();
    },
    request: async <Result, Variables>(
      document: Document<Result, Variables>,
      variables?: Variables,
      { signal, timeoutMs = defaultTimeoutMs }: RequestOptions = {},
    ) => {
      const operation = operationOf(document);
      const body = JSON.stringify({ query: operation.query, variables });
      const credential = await token();
      const attempts: Attempt[] = [];
      for (const _ of servers) {
        signal?.throwIfAborted();
        const asked = { server: server(), token: credential, tls, body, timeoutMs, signal };
        const answer = await noted(options.onRequest, operation, server(), () => post(asked));
        if ('status' in answer) return dataOf(answer, server()) as Result;
        signal?.throwIfAborted();
        attempts.push(answer);
        if (answer.sent && !operation.isQuery) break;
        next();
      }
      throw new NoAnswerError(attempts);
    },
    subscribe: async function* <Result, Variables extends object>(
      document: Document<Result, Variables>,
      variables: Variables,
      subscribeOptions: SubscribeOptions<Variables> = {},
    ) {
      // Loaded where it is needed: most programs never subscribe.
      const { subscribe } = await import('./subscribe.ts');
      const { query } = operationOf(document);
      const dial = { server, token, tls, next };
      yield* subscribe<Result, Variables>(dial, query, variables, subscribeOptions);
    },
  };
}

/** What Node's TLS is told; a name without a value would count as one. */
function tlsOf({ ca, cert, key }: ClientOptions): ClientTls {
  return {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  };
}

async function noted(
  tell: ClientOptions['onRequest'],
  { name }: Operation,
  server: string,
  ask: () => Promise<HttpAnswer | Attempt>,
): Promise<HttpAnswer | Attempt> {
  const startedAt = performance.now();
  const answer = await ask();
  tell?.({
    server,
    operation: name,
    milliseconds: Math.round(performance.now() - startedAt),
    fault: 'fault' in answer ? answer.fault : null,
  });
  return answer;
}

interface Body {
  readonly data?: unknown;
  readonly errors?: readonly AnswerError[];
}

function dataOf({ status, text }: HttpAnswer, server: string): unknown {
  const body = parse(text);
  if (body === undefined) {
    const fault = `HTTP ${status} without GraphQL`;
    throw new NoAnswerError([{ server, fault, code: 'NO_GRAPHQL', sent: true }]);
  }
  if (body.errors) throw new RefusedError(body.errors.map(faultOf));
  return body.data;
}

function parse(text: string): Body | undefined {
  try {
    const body = JSON.parse(text) as Body | null;
    return body?.data || body?.errors ? body : undefined;
  } catch {
    return undefined;
  }
}
