import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { GraphQLFormattedError } from 'graphql';
import { print } from 'graphql/language/printer.js';
import { createClient, type Client as SocketClient } from 'graphql-ws/client';
import { UserError } from '../../lib/errors.ts';
import type { Client } from './client.ts';

/** From dialling until the server has accepted the credential. */
const openMs = 10_000;
/** A silent socket is asked for a sign of life so often, and given up so long after. */
const pingMs = 10_000;
const pongMs = 5_000;

/**
 * A subscription on a socket of its own, to the server that answered last. Ends when the signal aborts;
 * throws a UserError when the server or the socket ends it: whoever wants to go on subscribes again.
 */
export async function* subscribe<Result, Variables extends Record<string, unknown>>(
  client: Client,
  document: TypedDocumentNode<Result, Variables>,
  variables: Variables,
  signal: AbortSignal,
): AsyncGenerator<Result, void, undefined> {
  const socket = openSocket(client.server, await client.token());
  const close = () => socket.terminate();
  signal.addEventListener('abort', close, { once: true });
  try {
    const answers = socket.iterate<Result>({ query: print(document), variables });
    for await (const { data, errors } of answers) {
      if (signal.aborted) return;
      if (errors) throw errors;
      if (data) yield data;
    }
    if (!signal.aborted) throw new Error('The server ended it.');
  } catch (error) {
    if (!signal.aborted) throw new UserError(`The subscription ended: ${describeEnd(error)}`);
  } finally {
    signal.removeEventListener('abort', close);
    close();
  }
}

function openSocket(server: string, token: string): SocketClient {
  let pongTimer: NodeJS.Timeout | undefined;
  const socket = createClient({
    url: server.replace(/^http/, 'ws'),
    connectionParams: { authorization: `Bearer ${token}` },
    connectionAckWaitTimeout: openMs,
    retryAttempts: 0,
    keepAlive: pingMs,
    on: {
      ping: (received) => {
        if (!received) pongTimer = setTimeout(() => socket.terminate(), pongMs);
      },
      pong: (received) => {
        if (received) clearTimeout(pongTimer);
      },
      closed: () => clearTimeout(pongTimer),
    },
  });
  return socket;
}

/** What graphql-ws throws: an Error, the errors of an answer, or the event that ended the socket. */
function describeEnd(error: unknown): string {
  if (Array.isArray(error)) {
    return (error as GraphQLFormattedError[]).map(({ message }) => message).join(' ');
  }
  const { message, reason, code } = error as { message?: string; reason?: string; code?: number };
  return message || reason || `The connection was closed with code ${code ?? 'unknown'}.`;
}
