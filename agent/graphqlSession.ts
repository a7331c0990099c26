import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { DocumentNode, GraphQLFormattedError } from 'graphql';
import { print } from 'graphql/language/printer.js';
import { type Client, createClient, MessageType } from 'graphql-ws/client';
import { type ClientOptions, WebSocket } from 'ws';
import { currentTrace } from '../lib/tracing.ts';
import type { Session, SessionTiming, Sink } from './session.ts';
import { AnswerError, describeFault, SessionEnded } from './sessionErrors.ts';
import type { ClientTls } from './tls.ts';

export interface SessionOptions {
  /** The GraphQL endpoint as it is configured: http(s) or ws(s). */
  readonly server: string;
  readonly host?: string | undefined;
  /** Undefined: the certificate has to do. */
  readonly token: string | undefined;
  readonly tls: ClientTls;
  readonly timing: SessionTiming;
  /** Gives up dialling. */
  readonly signal: AbortSignal;
}

/** The most that one message may hold: far above the server's pieces, far below ws's own 100 MiB. */
const maxMessageBytes = 16 * 1024 * 1024;

/** Dials a server once. Rejects with SessionEnded when it is not there, refuses or is too slow. */
export async function openSession(options: SessionOptions): Promise<GraphqlSession> {
  const session = new GraphqlSession(options);
  const giveUp = () => session.cut('The agent is stopping.');
  if (options.signal.aborted) giveUp();
  options.signal.addEventListener('abort', giveUp, { once: true });
  try {
    await session.opened;
    return session;
  } finally {
    options.signal.removeEventListener('abort', giveUp);
  }
}

/** `http` becomes `ws`, `https` becomes `wss`; the path stays. */
function socketUrl(server: string): string {
  return server.replace(/^http/, 'ws');
}

/**
 * graphql-ws over ws, with every retry of its own switched off: it would subscribe again silently with the
 * old cursor, dial again for a request on a closed socket, and give up for good on some close codes.
 */
export class GraphqlSession implements Session {
  readonly signal: AbortSignal;
  readonly opened: Promise<void>;
  readonly #ended = new AbortController();
  readonly #timing: SessionTiming;
  readonly #client: Client;
  #socket: WebSocket | undefined;
  #fault: string | undefined;
  #pingTimer: NodeJS.Timeout | undefined;
  #pongTimer: NodeJS.Timeout | undefined;

  constructor({ server, host, token, tls, timing }: SessionOptions) {
    this.signal = this.#ended.signal;
    this.#timing = timing;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.opened = promise;
    this.signal.addEventListener('abort', () => reject(this.signal.reason), { once: true });
    this.#client = createClient({
      url: socketUrl(server),
      webSocketImpl: this.#socketClass(tls),
      connectionParams: {
        ...(host === undefined ? {} : { host }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      connectionAckWaitTimeout: timing.openMs,
      lazy: false,
      retryAttempts: 0,
      // What this would say, `closed` says better.
      onNonLazyError: () => {},
      on: {
        connected: () => resolve(),
        message: () => this.#heard(),
        error: (error) => this.cut(describeFault(error)),
        closed: (event) => this.#end(event),
      },
    });
  }

  async request<Result, Variables extends Record<string, unknown>>(
    document: TypedDocumentNode<Result, Variables>,
    variables: Variables,
  ): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    const drop = this.subscribe(document, variables, { next: resolve, ended: reject });
    const { answerMs } = this.#timing;
    const timer = setTimeout(
      () => reject(new Error(`The server did not answer within ${answerMs} ms.`)),
      answerMs,
    );
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      drop();
    }
  }

  subscribe<Result, Variables extends Record<string, unknown>>(
    document: TypedDocumentNode<Result, Variables>,
    variables: Variables,
    sink: Sink<Result>,
  ): () => void {
    let done = this.signal.aborted;
    if (done) {
      sink.ended(this.signal.reason);
      return () => {};
    }
    const end = (error: Error) => {
      if (done) return;
      done = true;
      sink.ended(error);
    };
    const drop = this.#client.subscribe<Result>(
      { query: textOf(document), variables, ...followed() },
      {
        next: ({ data, errors }) => {
          if (errors) end(new AnswerError(errors));
          else if (data && !done) sink.next(data);
        },
        error: (error) => end(this.#asError(error)),
        complete: () => end(this.#asError(new Error('The server ended the operation.'))),
      },
    );
    return () => {
      done = true;
      drop();
    };
  }

  /** Takes leave; resolves when the socket is gone. */
  async close(): Promise<void> {
    if (this.signal.aborted) return;
    const gone = new Promise((resolve) => this.signal.addEventListener('abort', resolve));
    this.#socket?.close(1000, 'The agent is stopping');
    const timer = setTimeout(() => this.#socket?.terminate(), this.#timing.closeMs);
    await gone;
    clearTimeout(timer);
  }

  /** Drops the socket at once, whatever the other side does. */
  cut(fault: string): void {
    this.#fault ??= fault;
    this.#socket?.terminate();
  }

  /** Whatever the server says proves that it is there: graphql-ws's own `keepAlive` would ask one that just answered. */
  #heard(): void {
    clearTimeout(this.#pongTimer);
    clearTimeout(this.#pingTimer);
    if (!this.signal.aborted) {
      this.#pingTimer = setTimeout(() => this.#ping(), this.#timing.pingMs);
    }
  }

  #ping(): void {
    const { pongMs } = this.#timing;
    const giveUp = () => this.cut(`The server did not answer a ping within ${pongMs} ms.`);
    this.#pongTimer = setTimeout(giveUp, pongMs);
    this.#socket?.send(JSON.stringify({ type: MessageType.Ping }));
  }

  #end(event: unknown): void {
    clearTimeout(this.#pongTimer);
    clearTimeout(this.#pingTimer);
    const { code, reason } = event as { code: number; reason: string };
    this.#ended.abort(new SessionEnded(code, this.#fault ?? reason));
    // A close with 1000 makes graphql-ws dial again unless it is disposed of, whatever its retryAttempts.
    Promise.resolve(this.#client.dispose()).catch(() => {});
  }

  #asError(error: unknown): Error {
    if (Array.isArray(error)) return new AnswerError(error as GraphQLFormattedError[]);
    return this.signal.aborted ? this.signal.reason : new Error(describeFault(error));
  }

  /** graphql-ws makes the socket itself: this class brings ws's options, and gives the socket to the session. */
  #socketClass(tls: ClientTls): unknown {
    const { openMs, closeMs } = this.#timing;
    // @types/ws does not know closeTimeout yet; ws's own is 30 s, for which a server that is half open would be waited for.
    const options: ClientOptions & { readonly closeTimeout: number } = {
      ...tls,
      perMessageDeflate: false,
      handshakeTimeout: openMs,
      closeTimeout: closeMs,
      maxPayload: maxMessageBytes,
    };
    const keep = (socket: WebSocket) => {
      this.#socket = socket;
    };
    return class extends WebSocket {
      constructor(address: string | URL, protocols?: string | string[]) {
        super(address, protocols, options);
        keep(this);
      }
    };
  }
}

/** What is asked for a change says which: the server's part goes on in the same trace. */
function followed(): { extensions?: { traceparent: string } } {
  const traceparent = currentTrace();
  return traceparent === undefined ? {} : { extensions: { traceparent } };
}

const texts = new WeakMap<DocumentNode, string>();

/** A document's text, printed once: the same few are sent again and again. */
function textOf(document: DocumentNode): string {
  const known = texts.get(document);
  if (known !== undefined) return known;
  const text = print(document);
  texts.set(document, text);
  return text;
}
