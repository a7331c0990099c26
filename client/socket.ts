import { createClient, type Client as SocketClient } from 'graphql-ws/client';
import { WebSocket } from 'ws';
import {
  type AnswerError,
  faultOf,
  NoAnswerError,
  RefusedError,
  SubscriptionEndedError,
} from './errors.ts';
import type { ClientTls } from './post.ts';

/** From dialling until the server has accepted the credential. */
const openMs = 10_000;
/** A silent socket is asked for a sign of life so often, and given up so long after. */
const pingMs = 10_000;
const pongMs = 5_000;
/** Far above what one event or one piece of a feed has. */
const maxMessageBytes = 16 * 1024 * 1024;

/** docs/api.md, Close codes: no token, or none that is good (any more). */
const unauthenticated = 4401;

/** Whom to ask, and with what. */
export interface Dial {
  readonly server: () => string;
  readonly token: () => Promise<string>;
  readonly tls: ClientTls;
  /** The server did not take the connection: another may. */
  readonly next: () => void;
}

interface Request {
  readonly query: string;
  readonly variables: object;
}

/** One subscription on one socket: returns when the signal aborts, throws whatever else ends it. */
export async function* subscribeOnce<Result>(
  dial: Dial,
  request: Request,
  onOpen: () => void,
  signal: AbortSignal | undefined,
): AsyncGenerator<Result, void, undefined> {
  let isOpen = false;
  const server = dial.server();
  const socket = openSocket(server, dial.tls, await dial.token(), () => {
    isOpen = true;
    onOpen();
  });
  const close = () => socket.terminate();
  signal?.addEventListener('abort', close, { once: true });
  try {
    const answers = socket.iterate<Result>({
      query: request.query,
      variables: { ...request.variables },
    });
    for await (const { data, errors } of answers) {
      if (signal?.aborted) return;
      if (errors) throw errors;
      if (data) yield data;
    }
    if (!signal?.aborted) throw new Error('the server ended it');
  } catch (error) {
    if (signal?.aborted) return;
    if (!isOpen) dial.next();
    throw endOf(error, server, isOpen);
  } finally {
    signal?.removeEventListener('abort', close);
    close();
  }
}

function openSocket(
  server: string,
  tls: ClientTls,
  token: string,
  onOpen: () => void,
): SocketClient {
  let pongTimer: NodeJS.Timeout | undefined;
  const socket = createClient({
    url: server.replace(/^http/, 'ws'),
    webSocketImpl: socketClass(tls),
    connectionParams: { authorization: `Bearer ${token}` },
    connectionAckWaitTimeout: openMs,
    // graphql-ws would subscribe again silently, with the same variables.
    retryAttempts: 0,
    keepAlive: pingMs,
    on: {
      connected: onOpen,
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

function socketClass(tls: ClientTls): unknown {
  return class extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols, {
        // It costs the server ten times the memory.
        perMessageDeflate: false,
        maxPayload: maxMessageBytes,
        handshakeTimeout: openMs,
        ...tls,
      });
      // Closed while it dials, it says so when graphql-ws listens no more, and an error that nobody hears ends the program.
      this.on('error', () => undefined);
    }
  };
}

/** What graphql-ws throws: an Error, the errors of an answer, or ws's event of a fault or of the socket's end. */
interface Thrown {
  readonly message?: string;
  readonly reason?: string;
  readonly code?: unknown;
  readonly error?: { readonly code?: unknown };
}

function endOf(thrown: unknown, server: string, wasOpen: boolean): Error {
  if (Array.isArray(thrown)) {
    return new RefusedError((thrown as AnswerError[]).map(faultOf));
  }
  const { message, reason, code, error } = thrown as Thrown;
  if (code === unauthenticated) {
    const message = reason || 'The token does not hold, or not any more.';
    return new RefusedError([{ message, code: 'UNAUTHENTICATED', field: null }]);
  }
  const said = message || reason || `the connection was closed with code ${code ?? 'unknown'}`;
  const fault = said.replace(/\.$/, '');
  if (wasOpen) return new SubscriptionEndedError(`The subscription ended: ${fault}.`);
  const name = error?.code ?? code;
  return new NoAnswerError([
    { server, fault, code: typeof name === 'string' ? name : '', sent: false },
  ]);
}
