import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { WebSocket, WebSocketServer } from 'ws';
import type { QueueWatch } from './queueWatch.ts';
import { apartMs, measure, type Spread } from './stats.ts';

/**
 * What a change cannot do without, each alone: an HTTP round trip, a commit of one statement, a message
 * over a WebSocket, and the switch's own change until it is seen. Their sum is the floor.
 */
export async function measureFloor(
  databaseUrl: string,
  queue: QueueWatch,
  count: number,
): Promise<Record<'http' | 'commit' | 'webSocket' | 'switch' | 'sum', Spread>> {
  const parts = {
    http: await httpEcho(count),
    commit: await commit(databaseUrl, count),
    webSocket: await webSocketEcho(count),
    switch: await measure(count, (index) => queue.setDirectly(2_000_000 + index), apartMs),
  };
  const spreads = Object.values(parts);
  const sum = (key: keyof Spread) => spreads.reduce((total, spread) => total + spread[key], 0);
  return { ...parts, sum: { p50: sum('p50'), p99: sum('p99') } };
}

async function httpEcho(count: number): Promise<Spread> {
  const server = createServer((request, response) => request.pipe(response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    return await measure(
      count,
      async () => {
        await (await fetch(url, { method: 'POST', body: '{"maxKbps":1}' })).text();
      },
      apartMs,
    );
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function commit(databaseUrl: string, count: number): Promise<Spread> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('create table bench_floor (id int primary key, value int)');
    await client.query('insert into bench_floor values (1, 0)');
    return await measure(
      count,
      async (index) => {
        await client.query('update bench_floor set value = $1 where id = 1', [index]);
      },
      apartMs,
    );
  } finally {
    await client.query('drop table bench_floor');
    await client.end();
  }
}

async function webSocketEcho(count: number): Promise<Spread> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  await once(server, 'listening');
  server.on('connection', (socket) => socket.on('message', (data) => socket.send(data)));
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await once(client, 'open');
  try {
    return await measure(
      count,
      async () => {
        client.send('{"maxKbps":1}');
        await once(client, 'message');
      },
      apartMs,
    );
  } finally {
    client.terminate();
    server.close();
  }
}
