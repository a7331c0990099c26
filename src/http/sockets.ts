import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { makeServer, type Server as Protocol } from 'graphql-ws';
import { type WebSocket, type ServerOptions as WebSocketOptions, WebSocketServer } from 'ws';
import { messageOf } from '../../lib/errors.ts';
import type { Logger } from '../../lib/log.ts';
import { sleep } from '../../lib/retry.ts';
import type { Peer } from '../auth/peer.ts';
import { Refused } from '../domain/errors.ts';
import type { Limits } from './limits.ts';
import { MessageTurns } from './messageTurns.ts';
import type { Metrics } from './metrics.ts';
import { peerOf } from './peer.ts';
import { closeCodes, closingOf } from './socketClosing.ts';
import { type Connection, type OperationParts, socketOperations } from './socketOperations.ts';
import { type PlaceHolder, SocketPlaces } from './socketPlaces.ts';
import { sent, writeTogether } from './socketWrites.ts';

const subprotocol = 'graphql-transport-ws';

const limits = {
  messageBytes: 128 * 1024,
  /** Pieces of one message: each costs more than its bytes. */
  fragments: 128,
  /** Messages and pings between two looks at a socket. */
  messages: 20_000,
  /** What may wait in a socket that its client does not read. */
  bufferedBytes: 16 * 1024 * 1024,
  initTimeoutMs: 3_000,
  /** What a client may take to answer a close. */
  closeTimeoutMs: 3_000,
  /** A stopping server's sockets close at this pace: the others take them in while they serve their own. */
  closesPerSecond: 2_000,
} as const;

const closesEveryMs = 10;

// @types/ws does not know these three yet.
interface NewOptions {
  readonly closeTimeout: number;
  readonly maxFragments: number;
  readonly maxBufferedChunks: number;
}

const webSocketOptions: WebSocketOptions & NewOptions = {
  noServer: true,
  clientTracking: true,
  // Compression costs ten times the memory per socket, and half the throughput.
  perMessageDeflate: false,
  closeTimeout: limits.closeTimeoutMs,
  maxPayload: limits.messageBytes,
  maxFragments: limits.fragments,
  // A message that comes byte by byte.
  maxBufferedChunks: 4_096,
  handleProtocols: (offered) => offered.has(subprotocol) && subprotocol,
};

export interface SocketOptions extends OperationParts {
  readonly metrics: Metrics;
  readonly log: Logger;
  /** A client that said nothing for so long is asked; one that says nothing for two more is closed, and gone a little later. */
  readonly pingIntervalMs: number;
  readonly limits: Pick<Limits, 'sockets' | 'strangersPerAddress'>;
}

/** The WebSockets of the server: GraphQL over graphql-transport-ws. */
export class GraphqlSockets {
  readonly #options: SocketOptions;
  readonly #protocol: Protocol<Connection>;
  readonly #server = new WebSocketServer(webSocketOptions);
  readonly #places: SocketPlaces;

  constructor(options: SocketOptions) {
    this.#options = options;
    this.#places = new SocketPlaces(options.limits);
    this.#protocol = makeServer({
      connectionInitWaitTimeout: limits.initTimeoutMs,
      ...socketOperations(options),
    });
  }

  /** Why there is no place for this one, as a status; undefined: there is. */
  refusal(request: IncomingMessage): string | undefined {
    return this.#places.refusal(peerOf(request).address ?? '');
  }

  /** Takes over a connection whose upgrade was allowed. Not to be called once they are closed. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#server.handleUpgrade(request, socket, head, (webSocket) =>
      this.#serve(webSocket, socket, peerOf(request)),
    );
  }

  /**
   * Tells every client to go elsewhere, at an even pace within `spreadMs`, or longer where they are many, so that
   * they do not arrive there all at once. Resolves when the last was told, or the signal aborts.
   */
  async closeAll(spreadMs: number, signal: AbortSignal): Promise<void> {
    const clients = [...this.#server.clients];
    const withinMs = Math.max(spreadMs, (clients.length / limits.closesPerSecond) * 1_000);
    const startedAtMs = performance.now();
    for (let told = 0; told < clients.length && !signal.aborted; ) {
      await sleep(closesEveryMs, signal);
      const share = Math.min(1, (performance.now() - startedAtMs) / withinMs);
      const due = Math.ceil(clients.length * share);
      for (const client of clients.slice(told, due)) {
        this.#options.metrics.closes.inc({ code: closeCodes.serviceRestart });
        client.close(closeCodes.serviceRestart, 'Service restart');
      }
      told = due;
    }
  }

  terminateAll(): void {
    for (const client of this.#server.clients) client.terminate();
  }

  #serve(socket: WebSocket, wire: Duplex, peer: Peer): void {
    const { metrics, log } = this.#options;
    const place = this.#places.enter(peer.address ?? '');
    const holder: PlaceHolder = {
      giveWay: () => socket.close(closeCodes.policy, 'Another socket of this host takes its place'),
    };
    const connection: Connection = {
      peer,
      credential: undefined,
      operations: new Map(),
      heard: false,
      messages: 0,
      settle: (actor) => {
        this.#places.hold(actor, holder);
        place.known();
      },
    };
    metrics.sockets.inc();
    const stopWatching = this.#watch(socket, connection);
    const closed = this.#protocol.opened(
      {
        protocol: socket.protocol,
        send: (data) => {
          writeTogether(wire);
          return sent(socket, data);
        },
        close: (code, reason) => socket.close(code, reason),
        onMessage: (receive) => {
          const turns = new MessageTurns(socket, (message) => {
            receive(message).catch((error: unknown) => this.#fail(socket, error));
          });
          socket.on('message', (data) => {
            const { bufferedAmount } = socket;
            if (this.#isTooMuch(socket, connection)) return;
            if (bufferedAmount > limits.bufferedBytes) return socket.terminate();
            // Who writes but does not read is not heard: it is asked, and cannot answer.
            if (bufferedAmount === 0) connection.heard = true;
            turns.add(String(data));
          });
        },
      },
      connection,
    );
    socket.on('ping', () => this.#isTooMuch(socket, connection));
    // A broken frame, a message too long, a connection reset: ws closes the socket itself.
    socket.on('error', (error) => log.debug({ reason: messageOf(error) }, 'a socket broke'));
    socket.on('close', (code, reason) => {
      metrics.sockets.dec();
      stopWatching();
      place.left();
      if (connection.credential) this.#places.release(connection.credential.actor, holder);
      for (const operation of connection.operations.values()) operation.abort();
      closed(code, String(reason)).catch((error: unknown) => log.error({ error }, 'a socket'));
    });
  }

  /** Ends a socket whose client reads no more, or is gone without a word, or whose credential has ended. */
  #watch(socket: WebSocket, connection: Connection): () => void {
    let asked = false;
    socket.on('pong', () => {
      connection.heard = true;
    });
    const timer = setInterval(() => {
      if (asked && !connection.heard) return this.#giveUp(socket, connection);
      asked = !connection.heard;
      // An agent that beats is not asked besides: its pongs cost as much as its heartbeats.
      if (asked) socket.ping();
      connection.heard = false;
      connection.messages = 0;
      try {
        if (connection.credential) this.#options.authenticator.check(connection.credential);
      } catch (error) {
        this.#fail(socket, error);
      }
    }, this.#options.pingIntervalMs);
    return () => clearInterval(timer);
  }

  /** Each message costs something, whatever it says; nobody has so much to say. */
  #isTooMuch(socket: WebSocket, connection: Connection): boolean {
    connection.messages += 1;
    if (connection.messages <= limits.messages) return false;
    if (socket.readyState === socket.OPEN) socket.close(closeCodes.policy, 'Too many messages');
    return true;
  }

  /** Whoever reads on after a stall learns why; ws destroys the socket of one that does not. */
  #giveUp(socket: WebSocket, { operations }: Connection): void {
    for (const operation of operations.values()) operation.abort();
    this.#options.metrics.closes.inc({ code: closeCodes.tryAgainLater });
    socket.close(closeCodes.tryAgainLater, 'No answer to a ping');
  }

  #fail(socket: WebSocket, error: unknown): void {
    if (!(error instanceof Refused)) this.#options.log.error({ error }, 'A socket failed.');
    const [code, reason] = closingOf(error);
    this.#options.metrics.closes.inc({ code });
    socket.close(code, reason);
  }
}
