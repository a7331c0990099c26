import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSchema, type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql';
import type { Context } from 'graphql-ws';
import { type Extra, useServer } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Change } from '../../agent/desired.ts';
import { Mailbox } from '../../lib/mailbox.ts';
import type {
  AgentHeartbeatInput,
  ReportPortsInput,
  ReportQosInput,
  ReportUsageInput,
} from '../../schema/generated/graphql.ts';

const schema = buildSchema(readFileSync('schema/schema.graphql', 'utf8'));

interface FeedOptions {
  /** Steps are sent as they are given, without GraphQL's looking at each field: with 1,000 ports that takes 15 ms. */
  readonly isVerbatim?: boolean;
}

/**
 * The agents' side of the API over real sockets and the real protocol, with a feed that says what a test
 * wants it to: wrong steps, stalls and refusals that the real server must never produce.
 */
export class FeedServer {
  readonly opened: { host: string; since: string | null }[] = [];
  readonly heartbeats: AgentHeartbeatInput[] = [];
  readonly portReports: ReportPortsInput[] = [];
  readonly qosReports: ReportQosInput[] = [];
  readonly usageReports: ReportUsageInput[] = [];
  readonly tokens: unknown[] = [];
  /** What a subscription is sent when it opens. */
  firstSteps: (since: string | null) => Change[] = () => [];
  /** Answers connection_init by closing with this code instead. */
  refuseWith: number | null = null;
  /** Takes a mutation in, and then fails it with this code. */
  failWith: string | null = null;
  /** The last whole sample of usage; null: none, as after a restored backup. */
  usageSince: string | null = null;
  /** So many entries of each report of usage are of ports that are not bound here. */
  usageNotAccepted = 0;
  #samples = 0;
  /** Ports that another host has. */
  refusedPorts: readonly string[] = [];
  intervalMs = 60_000;
  /** Hears of each report of results as it comes. */
  onQosReport: (input: ReportQosInput) => void = () => {};
  readonly port: number;
  readonly #http: Server;
  readonly #sockets: WebSocketServer;
  readonly #feeds = new Set<{ queue: Change[]; mailbox: Mailbox }>();

  static async start(port = 0, options: FeedOptions = {}): Promise<FeedServer> {
    const http = createServer();
    await once(http.listen(port, '127.0.0.1'), 'listening');
    return new FeedServer(http, options);
  }

  private constructor(http: Server, { isVerbatim = false }: FeedOptions) {
    this.#http = http;
    this.port = (http.address() as AddressInfo).port;
    this.#sockets = new WebSocketServer({ server: http, path: '/graphql' });
    useServer(
      {
        schema,
        roots: { query: {}, mutation: this.#mutations(), subscription: this.#subscriptions() },
        onConnect: (context) => this.#admit(context),
        ...(isVerbatim && { subscribe: (args) => this.#verbatim(args) }),
      },
      this.#sockets,
    );
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/graphql`;
  }

  get socketCount(): number {
    return this.#sockets.clients.size;
  }

  get feedCount(): number {
    return this.#feeds.size;
  }

  /** How many steps are still to be sent. */
  get queued(): number {
    return [...this.#feeds].reduce((sum, { queue }) => sum + queue.length, 0);
  }

  /** Sends these to every open subscription, in one go. */
  push(...changes: Change[]): void {
    for (const feed of this.#feeds) {
      feed.queue.push(...changes);
      feed.mailbox.post();
    }
  }

  /** Closes every socket as a server would. */
  close(code: number): void {
    for (const socket of this.#sockets.clients) socket.close(code);
  }

  /** Cuts every socket, without a word. */
  cut(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
  }

  /** Reads nothing more from the sockets there are: half-open, as a host that lost its power leaves them. */
  stall(): void {
    for (const socket of this.#sockets.clients) socket.pause();
  }

  async stop(): Promise<void> {
    this.cut();
    this.#sockets.close();
    this.#http.close();
    this.#http.closeAllConnections();
    await once(this.#http, 'close');
  }

  #admit({
    connectionParams,
    extra,
  }: Context<Record<string, unknown> | undefined, Extra>): boolean {
    this.tokens.push(connectionParams?.authorization);
    if (this.refuseWith === null) return true;
    (extra.socket as WebSocket).close(this.refuseWith, 'Refused');
    return false;
  }

  #mutations() {
    return {
      agentHeartbeat: ({ input }: { input: AgentHeartbeatInput }) => {
        this.#take(this.heartbeats, input);
        return { desired: 'c1', intervalMs: this.intervalMs };
      },
      reportPorts: ({ input }: { input: ReportPortsInput }) => {
        this.#take(this.portReports, input);
        const refused = input.plugged
          .filter(({ portId }) => this.refusedPorts.includes(portId))
          .map(({ portId }) => ({ portId, code: 'FORBIDDEN', message: 'Another host has it.' }));
        return { accepted: input.plugged.length - refused.length, refused };
      },
      reportQos: ({ input }: { input: ReportQosInput }) => {
        this.#take(this.qosReports, input);
        this.onQosReport(input);
        return { accepted: input.results.length };
      },
      reportUsage: ({ input }: { input: ReportUsageInput }) => {
        this.#take(this.usageReports, input);
        return this.#takeUsage(input);
      },
    };
  }

  /** As the real server: what names another sample than the last is not taken. */
  #takeUsage({ usage, unmovedSince = null }: ReportUsageInput) {
    if (unmovedSince === null) this.usageSince = new Date(++this.#samples).toISOString();
    else if (unmovedSince !== this.usageSince) return { accepted: 0, since: null };
    return { accepted: usage.length - this.usageNotAccepted, since: this.usageSince };
  }

  #take<T>(list: T[], input: T): void {
    list.push(input);
    if (this.failWith)
      throw new GraphQLError('It fails, as asked.', { extensions: { code: this.failWith } });
  }

  #subscriptions() {
    return {
      hostQosChanges: ({ host, since = null }: { host: string; since?: string | null }) =>
        this.#feed(host, since),
    };
  }

  async *#verbatim({ variableValues }: ExecutionArgs): AsyncGenerator<ExecutionResult> {
    const { host, since = null } = variableValues as { host: string; since?: string | null };
    for await (const data of this.#feed(host, since)) yield { data };
  }

  /** A generator alone could not be closed while it waits. */
  #feed(host: string, since: string | null) {
    this.opened.push({ host, since });
    const closed = new AbortController();
    const steps = this.#steps(since, closed.signal);
    return {
      next: () => steps.next(),
      return: () => {
        closed.abort();
        return steps.return();
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  async *#steps(
    since: string | null,
    closed: AbortSignal,
  ): AsyncGenerator<Record<string, unknown>, void, void> {
    const feed = { queue: [...this.firstSteps(since)], mailbox: new Mailbox() };
    this.#feeds.add(feed);
    try {
      do {
        for (let change = feed.queue.shift(); change; change = feed.queue.shift())
          yield { hostQosChanges: change };
      } while (await feed.mailbox.take(closed));
    } finally {
      this.#feeds.delete(feed);
    }
  }
}
