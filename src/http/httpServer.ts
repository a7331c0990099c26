import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ListenAddress } from '../../lib/configTypes.ts';
import { messageOf, UserError } from '../../lib/errors.ts';
import { aborted, type Part } from '../../lib/lifecycle.ts';
import type { Logger } from '../../lib/log.ts';
import { sleep } from '../../lib/retry.ts';
import { mostMsToEnd } from './boundedOperation.ts';
import { Exchanges } from './exchanges.ts';
import type { Limits } from './limits.ts';
import { isAllowedOrigin } from './origins.ts';
import { SilentConnections } from './silentConnections.ts';
import type { GraphqlSockets } from './sockets.ts';
import { followTlsFiles, secureContextOf, type TlsOptions } from './tlsFiles.ts';
import { graphqlPath } from './yoga.ts';

/** Answers a request; never rejects. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface HttpServerOptions {
  readonly listen: ListenAddress;
  readonly tls: TlsOptions | undefined;
  readonly origins: readonly string[] | undefined;
  readonly handle: Handler;
  readonly sockets: GraphqlSockets;
  readonly log: Logger;
  /** A stopping server goes on answering for so long, which is what a load balancer may take to notice it. */
  readonly drainMs: number;
  readonly limits: Pick<Limits, 'sockets' | 'strangersPerAddress' | 'requestMs' | 'operationMs'>;
}

// A fleet that lost its server dials within seconds; what the kernel turns away dials again a second later.
const backlog = 4_096;
/** Connections besides the sockets: of requests, and of who says nothing yet. */
const mostRequests = 2_000;
/** How often Node looks for connections whose time is up; by itself twice a minute. */
const checkMs = 2_000;
/** How often a stopping server looks for those that are idle. */
const idleCheckMs = 50;
const timeouts = {
  headersMs: 10_000,
  /** Of a stopping server: for who is about to ask, and for its answers. */
  askingMs: 1_000,
  answersMs: 20_000,
};

/** The one port of the server. */
export class HttpServer implements Part {
  readonly name = 'http';
  readonly #options: HttpServerOptions;
  readonly #silent: SilentConnections;
  #draining = false;
  readonly #listening = Promise.withResolvers<AddressInfo>();

  constructor(options: HttpServerOptions) {
    this.#options = options;
    this.#silent = new SilentConnections(options.limits.strangersPerAddress);
    // Whoever waits hears of a failure; run() tells it too.
    this.#listening.promise.catch(() => undefined);
  }

  /** Where it listens, once it does; rejects if it cannot. */
  get listening(): Promise<AddressInfo> {
    return this.#listening.promise;
  }

  /** It is about to end: whoever can should go elsewhere. */
  get draining(): boolean {
    return this.#draining;
  }

  async run(signal: AbortSignal): Promise<void> {
    const server = this.#create();
    try {
      const address = await bind(server, this.#options.listen);
      this.#listening.resolve(address);
      const scheme = this.#options.tls ? 'https' : 'http';
      this.#options.log.info({ ...address }, `Serving GraphQL: ${scheme}, ${graphqlPath}`);
    } catch (error) {
      this.#listening.reject(error);
      throw error;
    }
    const { tls, log } = this.#options;
    await (tls && server instanceof TlsServer
      ? followTlsFiles(server, tls, log, signal)
      : aborted(signal));
    await this.#drain(server);
  }

  #create(): Server {
    const { tls, handle, limits } = this.#options;
    const options = {
      headersTimeout: Math.min(timeouts.headersMs, limits.requestMs),
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: checkMs,
    };
    const exchanges = new Exchanges(exchangeMs(limits));
    const answer = (request: IncomingMessage, response: ServerResponse) => {
      this.#silent.asked(request);
      if (exchanges.begin(request, response)) void handle(request, response);
    };
    const server = tls
      ? createTlsServer({ ...options, ...tlsOptions(tls) }, answer)
      : createServer(options, answer);
    server.maxConnections = limits.sockets + mostRequests;
    server.on('connection', (socket) => this.#silent.opened(socket));
    server.on('upgrade', (request, socket, head) => {
      this.#silent.asked(request);
      this.#upgrade(request, socket, head);
    });
    return server;
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { origins, sockets, log } = this.#options;
    socket.on('error', (error) => log.debug({ reason: messageOf(error) }, 'an upgrade broke'));
    if (URL.parse(request.url ?? '', 'http://server')?.pathname !== graphqlPath) {
      refuseUpgrade(socket, '404 Not Found');
    } else if (!isAllowedOrigin(request, origins)) {
      log.info({ origin: request.headers.origin }, 'refused a WebSocket from this origin');
      refuseUpgrade(socket, '403 Forbidden');
    } else if (this.#draining) {
      refuseUpgrade(socket, '503 Service Unavailable');
    } else {
      const refusal = sockets.refusal(request);
      if (refusal) refuseUpgrade(socket, refusal);
      else sockets.accept(request, socket, head);
    }
  }

  /**
   * Takes no more sockets, and has those there are go elsewhere, while requests are answered as before; then
   * takes no more requests, and answers those it has. Connections on which nothing was asked are not waited for.
   */
  async #drain(server: Server): Promise<void> {
    const { sockets, drainMs } = this.#options;
    this.#draining = true;
    const drained = AbortSignal.timeout(timeouts.answersMs + drainMs);
    await Promise.all([sockets.closeAll(drainMs, drained), sleep(drainMs)]);
    const closed = new AbortController();
    server.close(() => closed.abort());
    await this.#lastAnswers(server, closed.signal);
    sockets.terminateAll();
    server.closeAllConnections();
    await aborted(closed.signal);
  }

  /** Node closes what is idle when the server closes, and leaves what falls idle later, and what has asked nothing. */
  async #lastAnswers(server: Server, closed: AbortSignal): Promise<void> {
    const startedAtMs = performance.now();
    const passedMs = () => performance.now() - startedAtMs;
    while (!closed.aborted && passedMs() < timeouts.answersMs) {
      await sleep(idleCheckMs, closed);
      server.closeIdleConnections();
      if (passedMs() > timeouts.askingMs) this.#silent.closeAll();
    }
  }
}

/** Who has so long to say what it wants has as long to take the answer in. */
const exchangeMs = ({ requestMs, operationMs }: Pick<Limits, 'requestMs' | 'operationMs'>) =>
  requestMs + operationMs + mostMsToEnd + requestMs;

const tlsOptions = ({ files, clientRequired }: TlsOptions) => ({
  ...secureContextOf(files),
  requestCert: files.clientCa !== undefined,
  rejectUnauthorized: clientRequired,
});

function bind(server: Server, { host, port }: ListenAddress): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const reason =
        'code' in error && error.code === 'EADDRINUSE'
          ? 'another program has that port; choose one with --listen'
          : messageOf(error);
      reject(new UserError(`The server cannot listen on ${host}:${port}: ${reason}.`));
    });
    server.listen({ port, host, backlog }, () => resolve(server.address() as AddressInfo));
  });
}

/** Gone once it is said: a client that never closes its side would keep the server from ending. */
function refuseUpgrade(socket: Duplex, status: string): void {
  const refusal = `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
  socket.end(refusal, () => socket.destroy());
}
