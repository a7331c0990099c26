import type { TypedDocumentNode } from '@graphql-typed-document-node/core';

/** One authenticated socket to a server, for as long as it lasts. It never comes back; the next one is another. */
export interface Session {
  /** Aborts when the socket is gone, with the SessionEnded as its reason. */
  readonly signal: AbortSignal;
  /** Runs a query or mutation. Rejects with AnswerError, SessionEnded, or an Error when the time is up. */
  request<Result, Variables extends Record<string, unknown>>(
    document: TypedDocumentNode<Result, Variables>,
    variables: Variables,
  ): Promise<Result>;
  /** Opens a subscription; the function returned drops it, and nothing is called after that. */
  subscribe<Result, Variables extends Record<string, unknown>>(
    document: TypedDocumentNode<Result, Variables>,
    variables: Variables,
    sink: Sink<Result>,
  ): () => void;
}

export interface Sink<Result> {
  next(data: Result): void;
  /** Called once, when the server or the socket ended the subscription. */
  ended(error: Error): void;
}

/** How long the parts of a conversation may take. */
export interface SessionTiming {
  /** From dialling until the server has accepted the credential, at most twice this. */
  readonly openMs: number;
  /** A ping goes out so long after the last answer. */
  readonly pingMs: number;
  /** A ping not answered for so long: the socket is half open, and is cut. */
  readonly pongMs: number;
  readonly answerMs: number;
  /** What the server may take to take leave. */
  readonly closeMs: number;
}

export const sessionTiming: SessionTiming = {
  openMs: 10_000,
  pingMs: 10_000,
  pongMs: 5_000,
  answerMs: 30_000,
  closeMs: 1_000,
};
