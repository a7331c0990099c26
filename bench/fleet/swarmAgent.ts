import { print } from 'graphql';
import { WebSocket } from 'ws';
import { patience } from '../../agent/persist.ts';
import { sessionTiming } from '../../agent/session.ts';
import { fullJitterMs } from '../../lib/retry.ts';
import {
  AgentHeartbeatDocument,
  HostQosChangesDocument,
  type HostQosChangesSubscription,
  type PortQosFieldsFragment as PortQos,
  ReportPortsDocument,
  ReportQosDocument,
} from '../../schema/generated/graphql.ts';

export interface SwarmAgentOptions {
  readonly host: string;
  readonly servers: readonly string[];
  readonly token: string;
  /** Each complete step of the feed. */
  readonly onStep: () => void;
  readonly onConnected: (connected: boolean) => void;
}

type Step = HostQosChangesSubscription['hostQosChanges'];

/** The operations of a session by their ids: an agent has one of each under way at a time. */
type OperationId = 'beat' | 'feed' | 'ports' | 'report';

interface Message {
  readonly type: string;
  readonly id?: OperationId;
  readonly payload?: {
    readonly data?: {
      readonly hostQosChanges?: Step;
      readonly agentHeartbeat?: { readonly intervalMs: number };
    };
    readonly errors?: readonly unknown[];
  };
}

const texts = {
  beat: JSON.stringify(print(AgentHeartbeatDocument)),
  feed: JSON.stringify(print(HostQosChangesDocument)),
  ports: JSON.stringify(print(ReportPortsDocument)),
  report: JSON.stringify(print(ReportQosDocument)),
};
const configurations = {
  driver: 'none',
  ovsVersion: '3.1.0',
  capabilities: { bridges: [{ name: 'br-int', datapathType: 'netdev', meters: 262_144 }] },
};
const ping = JSON.stringify({ type: 'ping' });

/**
 * An agent as its server sees it, made to cost little, since ten thousand of them have one core between them: it
 * dials, says and answers on the wire what the real one does, at the same moments (agent/connection.ts,
 * graphqlSession.ts, heartbeat.ts, feed.ts, ports.ts, reporter.ts), for a switch that does at once what it is told.
 */
export class SwarmAgent {
  readonly #options: SwarmAgentOptions;
  readonly #ports = new Map<string, PortQos>();
  #socket: WebSocket | undefined;
  #cursor: string | null = null;
  #confirmed: string | null = null;
  #started = false;
  #failures = 0;
  #turn = 0;
  #timers: Partial<Record<'dial' | 'beat' | 'ping', NodeJS.Timeout>> = {};

  constructor(options: SwarmAgentOptions) {
    this.#options = options;
  }

  dial(): void {
    const { servers, token, onConnected } = this.#options;
    const server = servers[this.#turn % servers.length] ?? '';
    const socket = new WebSocket(server.replace(/^http/, 'ws'), 'graphql-transport-ws', {
      perMessageDeflate: false,
      handshakeTimeout: sessionTiming.openMs,
    });
    this.#socket = socket;
    const init = { type: 'connection_init', payload: { authorization: `Bearer ${token}` } };
    socket.on('open', () => socket.send(JSON.stringify(init)));
    socket.on('message', (data) => {
      this.#timers.ping?.refresh();
      this.#take(JSON.parse(String(data)));
    });
    socket.on('error', () => {});
    socket.on('close', (code) => {
      onConnected(false);
      clearTimeout(this.#timers.beat);
      clearTimeout(this.#timers.ping);
      this.#dialAgain(code);
    });
  }

  stop(): void {
    for (const timer of Object.values(this.#timers)) clearTimeout(timer);
    this.#socket?.removeAllListeners('close').terminate();
  }

  /** RFC 6455 §7.4.1, IANA: 1012 is a server that leaves, and another may take the agent at once. */
  #dialAgain(code: number): void {
    const { servers } = this.#options;
    const rounds = Math.floor(this.#failures / servers.length);
    const atOnce = code === 1012 && servers.length > 1 && rounds === 0;
    const pauseMs = atOnce ? 0 : fullJitterMs(rounds, patience.transient);
    this.#turn += 1;
    this.#failures += 1;
    this.#timers.dial = setTimeout(() => this.dial(), pauseMs);
  }

  #take({ type, id, payload }: Message): void {
    if (type === 'connection_ack') this.#begin();
    else if (type === 'error' || payload?.errors) this.#fail(id, payload);
    else if (type === 'next' && id) this.#answered(id, payload?.data ?? {});
  }

  #begin(): void {
    this.#failures = 0;
    this.#options.onConnected(true);
    this.#beat();
    this.#ask('feed', { host: this.#options.host, since: this.#cursor });
    if (this.#ports.size > 0) this.#reportPorts();
    this.#timers.ping = setInterval(() => this.#socket?.send(ping), sessionTiming.pingMs);
  }

  #answered(id: OperationId, data: NonNullable<NonNullable<Message['payload']>['data']>): void {
    if (data.hostQosChanges) this.#step(data.hostQosChanges);
    else if (data.agentHeartbeat) this.#beatLater(data.agentHeartbeat.intervalMs);
    else if (id === 'report') this.#confirmed = this.#cursor;
  }

  #step({ from, to, more, ports }: Step): void {
    const isFirst = this.#cursor === null;
    if (from === null && isFirst) this.#ports.clear();
    for (const port of ports) this.#ports.set(port.portId, port);
    if (more) return;
    this.#cursor = to;
    this.#options.onStep();
    if (isFirst) this.#reportPorts();
    if (this.#confirmed !== to) this.#report(isFirst, isFirst ? [...this.#ports.values()] : ports);
  }

  #beat(): void {
    const input = {
      ...{ host: this.#options.host, binary: 'sluice-agent', agentType: 'Open vSwitch agent' },
      ...{ version: '0', configurations, startFlag: !this.#started, confirmed: this.#confirmed },
    };
    this.#started = true;
    this.#ask('beat', { input });
  }

  #beatLater(intervalMs: number): void {
    clearTimeout(this.#timers.beat);
    const pauseMs = intervalMs * (1 - Math.random() / 10);
    this.#timers.beat = setTimeout(() => this.#beat(), pauseMs);
  }

  #reportPorts(): void {
    const plugged = [...this.#ports.keys()].map((portId) => ({
      portId,
      interfaceName: `tap${portId.slice(0, 11)}`,
      mac: null,
    }));
    const range = { complete: true, after: null, through: null };
    this.#ask('ports', { input: { host: this.#options.host, ...range, plugged, unplugged: [] } });
  }

  #report(starts: boolean, ports: readonly PortQos[]): void {
    const { host } = this.#options;
    const results = ports.flatMap(resultsOf);
    this.#ask('report', { input: { host, to: this.#cursor, complete: true, starts, results } });
  }

  #ask(id: OperationId, variables: object): void {
    const payload = `{"query":${texts[id]},"variables":${JSON.stringify(variables)}}`;
    this.#socket?.send(`{"id":"${id}","type":"subscribe","payload":${payload}}`);
  }

  /** A first report may outrun its agent's first heartbeat; everything else that fails is tried again too. */
  #fail(id: OperationId | undefined, payload: unknown): void {
    if (id === 'report') {
      setTimeout(() => this.#report(true, [...this.#ports.values()]), 250);
    } else {
      process.stderr.write(`${this.#options.host} ${id}: ${JSON.stringify(payload)}\n`);
      this.#socket?.terminate();
    }
  }
}

const resultsOf = ({ portId, egress, ingress }: PortQos) =>
  [
    { direction: 'EGRESS', limit: egress } as const,
    { direction: 'INGRESS', limit: ingress } as const,
  ].flatMap(({ direction, limit }) =>
    limit
      ? [
          {
            ...{ portId, direction, ruleId: limit.ruleId, ruleVersion: limit.ruleVersion },
            ...{ status: 'APPLIED', message: null },
            programmed: { mechanism: 'none', maxKbps: limit.maxKbps },
          },
        ]
      : [],
  );
