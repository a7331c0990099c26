import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import type { HostQosChangesSubscription } from '../../schema/generated/graphql.ts';

type Change = HostQosChangesSubscription['hostQosChanges'];

/** Hears what passes between agents and a server about feeds. */
export interface FeedListener {
  opened(subscription: number, host: string, since: string | null): void;
  received(subscription: number, host: string, change: Change): void;
  closed(subscription: number, host: string): void;
}

/** A WebSocket relay before one server. */
export interface Relay extends AsyncDisposable {
  readonly url: string;
}

const subprotocol = 'graphql-transport-ws';
let subscriptions = 0;

export async function startRelay(serverPort: number, listener: FeedListener): Promise<Relay> {
  const relay = new WebSocketServer({
    port: 0,
    host: '127.0.0.1',
    path: '/graphql',
    handleProtocols: () => subprotocol,
  });
  await once(relay, 'listening');
  relay.on('connection', (client) => join(client, serverPort, listener));
  const { port } = relay.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    [Symbol.asyncDispose]: async () => {
      for (const client of relay.clients) client.terminate();
      relay.close();
      await once(relay, 'close');
    },
  };
}

function join(client: WebSocket, serverPort: number, listener: FeedListener): void {
  const server = new WebSocket(`ws://127.0.0.1:${serverPort}/graphql`, subprotocol);
  const early: string[] = [];
  const feeds = new Map<string, { subscription: number; host: string }>();
  client.on('message', (data) => {
    const text = String(data);
    noteOpened(text, feeds, listener);
    if (server.readyState === WebSocket.OPEN) server.send(text);
    else early.push(text);
  });
  server.on('open', () => {
    for (const text of early) server.send(text);
  });
  server.on('message', (data) => {
    const text = String(data);
    noteReceived(text, feeds, listener);
    if (client.readyState === WebSocket.OPEN) client.send(text);
  });
  const end = () => {
    for (const { subscription, host } of feeds.values()) listener.closed(subscription, host);
    feeds.clear();
    client.terminate();
    server.terminate();
  };
  for (const socket of [client, server]) socket.on('close', end).on('error', end);
}

type Feeds = Map<string, { subscription: number; host: string }>;

interface Message {
  readonly type: string;
  readonly id: string;
  readonly payload?: {
    readonly query?: string;
    readonly variables?: { host: string; since?: string | null };
    readonly data?: Partial<HostQosChangesSubscription>;
  };
}

function noteOpened(text: string, feeds: Feeds, listener: FeedListener): void {
  const { type, id, payload } = JSON.parse(text) as Message;
  if (type !== 'subscribe' || !payload?.query?.includes('hostQosChanges')) return;
  subscriptions += 1;
  const { host = '', since = null } = payload.variables ?? {};
  feeds.set(id, { subscription: subscriptions, host });
  listener.opened(subscriptions, host, since);
}

function noteReceived(text: string, feeds: Feeds, listener: FeedListener): void {
  const { type, id, payload } = JSON.parse(text) as Message;
  const feed = feeds.get(id);
  const change = payload?.data?.hostQosChanges;
  if (type === 'next' && feed && change) listener.received(feed.subscription, feed.host, change);
}
