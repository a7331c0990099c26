import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { query } from '../../../src/db/query.ts';
import { piecePorts } from '../../../src/feed/hostQosChanges.ts';
import { openSocket, startServer, type TestServer } from '../../support/server.ts';
import { emOf } from '../../support/services.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startServer({ pingIntervalMs: 500 });
});
afterAll(() => server?.stop());

const feedOf = (host: string) => ({
  query: `subscription { hostQosChanges(host: "${host}") { from to more ports { portId } } }`,
});

test('A socket is closed with 1013 when its client stops reading; the others do not notice', async () => {
  const [stalledHost, liveHost] = [`compute-${randomUUID()}`, `compute-${randomUUID()}`];
  await fillHost(server, stalledHost, 5 * piecePorts);
  const authorization = `Bearer ${await server.token({ role: 'admin' })}`;
  const stalled = await openSocket(server, { authorization });
  const live = await openSocket(server, { authorization });
  await expect.poll(() => [...stalled.messages, ...live.messages]).toHaveLength(2);
  live.send({ type: 'subscribe', id: '1', payload: feedOf(liveHost) });
  await expect.poll(() => live.messages).toHaveLength(2);

  stalled.socket.pause();
  for (let n = 0; n < 16; n += 1) {
    stalled.send({ type: 'subscribe', id: String(n), payload: feedOf(stalledHost) });
  }
  const { feeds } = server.services.switchboard;
  await expect.poll(() => feeds.has(stalledHost)).toBe(true);
  for (let revision = 1; feeds.has(stalledHost); revision += 1) {
    const sentAt = performance.now();
    await raiseHead(server, liveHost);
    server.services.switchboard.feeds.wake(liveHost);
    await expect
      .poll(() => live.messages.length, { interval: 5, timeout: 5_000 })
      .toBe(2 + revision);
    expect(performance.now() - sentAt).toBeLessThan(4_000);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }

  stalled.socket.resume();
  expect(await stalled.closed).toMatchObject({ code: 1013 });
  expect(live.socket.readyState).toBe(WebSocket.OPEN);
  live.socket.terminate();
});

test('A socket is not asked while its client speaks, and ends when that falls silent', async () => {
  const authorization = `Bearer ${await server.token({ role: 'admin' })}`;
  const { socket, send, messages, closed } = await openSocket(server, {
    authorization,
    autoPong: false,
  });
  let asked = 0;
  socket.on('ping', () => {
    asked += 1;
  });
  const speaking = setInterval(() => send({ type: 'ping' }), 50);
  // Longer than a silent one is given, who would be asked at once.
  await expect.poll(() => messages.length, { timeout: 20_000 }).toBeGreaterThan(45);
  clearInterval(speaking);
  expect(asked).toBeLessThan(2);
  expect(await closed).toMatchObject({ code: 1013 });
  expect(asked).toBeGreaterThan(0);
});

test('A socket ends when its client answers no pings, and so do its feeds', async () => {
  const authorization = `Bearer ${await server.token({ role: 'admin' })}`;
  const dead = await openSocket(server, { authorization, autoPong: false });
  const live = await openSocket(server, { authorization });
  await expect.poll(() => [...dead.messages, ...live.messages]).toHaveLength(2);
  dead.send({ type: 'subscribe', id: '1', payload: feedOf('compute-dead') });
  live.send({ type: 'subscribe', id: '1', payload: feedOf('compute-live') });
  const { feeds } = server.services.switchboard;
  await expect.poll(() => feeds.has('compute-live')).toBe(true);
  expect(await dead.closed).toMatchObject({ code: 1013 });
  await expect.poll(() => feeds.has('compute-dead')).toBe(false);
  expect(feeds.has('compute-live')).toBe(true);
  live.socket.terminate();
});

test('The next piece of a feed is not read before the socket took the last', async () => {
  const host = `compute-${randomUUID()}`;
  const feeds = 16;
  const pieces = 25;
  await using patient = await startServer();
  await fillHost(patient, host, pieces * piecePorts);
  const { socket, send, messages } = await openSocket(patient, {
    authorization: `Bearer ${await patient.token({ role: 'admin' })}`,
  });
  const before = await handedOut(patient);

  // More than the kernel's buffers hold, for a client that does not read.
  socket.pause();
  const limits =
    '{ ruleId ruleVersion maxKbps maxBurstKbps maxKpps maxBurstKpps minKbps dscpMark }';
  const text = `subscription { hostQosChanges(host: "${host}") {
    from to more adminStateUp ports { portId egress ${limits} ingress ${limits} } } }`;
  for (let n = 0; n < feeds; n += 1) {
    send({ type: 'subscribe', id: String(n), payload: { query: text } });
  }
  const stalled = await plateau(() => handedOut(patient));
  expect(stalled - before).toBeGreaterThan(0);
  expect(stalled - before).toBeLessThan((feeds * pieces) / 2);

  socket.resume();
  const complete = () => messages.filter(({ payload }) => isLastPiece(payload));
  await expect.poll(() => complete().length, { timeout: 30_000 }).toBe(feeds);
  socket.terminate();
}, 60_000);

const isLastPiece = (payload: unknown): boolean =>
  (payload as Step | undefined)?.data?.hostQosChanges.more === false;

interface Step {
  readonly data?: { readonly hostQosChanges: { readonly more: boolean } };
}

async function fillHost(on: TestServer, host: string, ports: number): Promise<void> {
  const em = emOf(on.services);
  await query(em, sql`insert into host_feeds (host, head) values (${host}, 1)`);
  await query(
    em,
    sql`
      with new as (insert into ports (id) select gen_random_uuid() from generate_series(1, ${ports}::int) returning id),
      bound as (
        insert into port_bindings (port_id, host, bound, plugged, revision, born_revision)
        select id, ${host}, true, false, 1, 1 from new
      )
      insert into qos_rules (id, tenant_id, port_id, direction, max_kbps)
      select gen_random_uuid(), 'acme', id, direction, 1000 from new, unnest(array['EGRESS', 'INGRESS']) as d (direction)`,
  );
}

async function raiseHead(on: TestServer, host: string): Promise<void> {
  await query(emOf(on.services), sql`select sluice_raise_heads(array[${host}])`);
}

/** How many steps and events the server has handed to its subscriptions. */
async function handedOut({ url }: TestServer): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^sluice_subscription_messages_total (\d+)/m.exec(text)?.[1]);
}

/** The value once it has stood still for half a second. */
async function plateau(read: () => Promise<number>): Promise<number> {
  for (let last = await read(); ; ) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const now = await read();
    if (now === last) return now;
    last = now;
  }
}
