import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTarget, type Target } from './target.ts';

/*
 * Clients that are slow, or gone without a word. Each waits for what the server does at last, up to half a minute:
 * all of them at once, many of each, and none may cost more than any other abuse.
 */

const host = 'compute-1';
const ports = 1_000;

let target: Target;
beforeAll(async () => {
  target = await startTarget();
  await target.sql(`insert into host_feeds (host, head) values ('${host}', 1)`);
  await target.sql(`
    with new as (insert into ports (id, tenant_id) select gen_random_uuid(), 'acme' from generate_series(1, ${ports}) returning id),
    bound as (
      insert into port_bindings (port_id, host, bound, plugged, revision, born_revision)
      select id, '${host}', true, false, 1, 1 from new
    )
    insert into qos_rules (id, tenant_id, port_id, direction, max_kbps)
    select gen_random_uuid(), 'acme', id, 'EGRESS', 1000 from new`);
  // As much is asked as will be, by who reads it: what a server takes for such a load at all is no harm.
  for (let round = 0; round < 2; round += 1) {
    await many(40, () => target.post(JSON.stringify({ query: page })));
    await many(3, readsFeeds);
  }
}, 60_000);
afterAll(() => target?.[Symbol.asyncDispose]());

const page =
  '{ qosRules(first: 100) { nodes { id portId tenantId direction maxKbps createdAt updatedAt } } }';
const feed = `subscription { hostQosChanges(host: "${host}") { from to more ports { portId egress { ruleId ruleVersion maxKbps } } } }`;

/** A connection by hand. `oneByteReads`: as few bytes as can be are taken at a time, a thousand times a second at most. */
function wire(oneByteReads = false): Socket {
  const { port } = new URL(target.url);
  const socket: Socket = connect({
    ...{ host: '127.0.0.1', port: Number(port), allowHalfOpen: true },
    ...(oneByteReads && {
      onread: {
        buffer: Buffer.alloc(1),
        callback: () => {
          setTimeout(() => socket.resume(), 1);
          return false;
        },
      },
    }),
  });
  return socket.on('error', () => undefined);
}

const request = (body: string, length = Buffer.byteLength(body)) =>
  `POST /graphql HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${target.token}\r\n` +
  `Content-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${body}`;

/** However it ended: once() would take a reset for a failure. */
const ended = (socket: Socket) =>
  new Promise<void>((resolve) => {
    if (socket.closed) resolve();
    else socket.once('close', () => resolve());
  });

/** Everything that came until the server ended the connection. */
async function saidUntilEnd(socket: Socket): Promise<string> {
  let said = '';
  socket.on('data', (chunk) => {
    said += String(chunk);
  });
  await ended(socket);
  return said;
}

/** Says a piece now and then, until the server has enough. */
async function trickles(first: string, piece: string): Promise<string> {
  const socket = wire();
  socket.write(first);
  const timer = setInterval(() => socket.write(piece), 500);
  socket.on('end', () => socket.end());
  try {
    return await saidUntilEnd(socket);
  } finally {
    clearInterval(timer);
  }
}

/** Asks for page after page on one connection and reads nothing; whether the server has ended it. */
async function readsNoAnswers(): Promise<boolean> {
  const socket = wire().pause();
  const body = JSON.stringify({ query: page });
  for (let n = 0; n < 200; n += 1) socket.write(request(body));
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  socket.resume();
  await ended(socket);
  return true;
}

/** Asks one thing on each connection and reads nothing. */
async function readsNoAnswer(): Promise<Socket> {
  const socket = wire().pause();
  socket.write(request(JSON.stringify({ query: page })));
  return socket;
}

/** Has sixteen feeds of a large host and reads none; how the server ended it. */
async function readsNoFeeds(): Promise<number> {
  const socket = await target.open({ autoPong: false });
  socket.on('error', () => undefined);
  socket.pause();
  for (let n = 0; n < 16; n += 1) {
    socket.send(JSON.stringify({ type: 'subscribe', id: String(n), payload: { query: feed } }));
  }
  // Nothing is noticed by who does not read: the server says so.
  await expect
    .poll(async () => (await socketsOpen()) === 0, { timeout: 40_000, interval: 500 })
    .toBe(true);
  socket.resume();
  const [code] = (await once(socket, 'close')) as [number];
  return code;
}

async function readsFeeds(): Promise<void> {
  const socket = await target.open();
  let complete = 0;
  const read = new Promise<void>((resolve) => {
    socket.on('message', (data) => {
      complete += String(data).includes('"more":false') ? 1 : 0;
      if (complete === 16) resolve();
    });
  });
  for (let n = 0; n < 16; n += 1) {
    socket.send(JSON.stringify({ type: 'subscribe', id: String(n), payload: { query: feed } }));
  }
  await read;
  socket.terminate();
}

async function isGoneWithoutWord(): Promise<number> {
  const socket = await target.open({ autoPong: false });
  socket.on('error', () => undefined);
  const [code] = (await once(socket, 'close')) as [number];
  return code;
}

/** Its side is closed, the other stays: nothing is said or heard any more. */
async function halfClosed(): Promise<string> {
  const socket = wire();
  socket.write(request('{"query":', 1_000));
  setTimeout(() => socket.end(), 100);
  return saidUntilEnd(socket);
}

async function readsByteByByte(): Promise<void> {
  const socket = wire(true);
  socket.write(request(JSON.stringify({ query: page })));
  await new Promise((resolve) => setTimeout(resolve, 20_000));
  socket.destroy();
}

async function socketsOpen(): Promise<number> {
  const text = await (await fetch(target.url.replace('/graphql', '/metrics'))).text();
  return Number(/^sluice_websockets (\d+)$/m.exec(text)?.[1]);
}

const many = <T>(count: number, work: () => Promise<T>) =>
  Promise.all(Array.from({ length: count }, work));

test('slow and silent clients, many of each at once, are ended with the answer that each is due', async () => {
  await target.unharmed(async () => {
    const stalled = await many(20, readsNoAnswer);
    expect(await many(10, readsNoAnswers)).not.toContain(false);
    const [bodies, heads, feeds, silent, closed] = await Promise.all([
      many(20, () => trickles(request('{"query":"', 200_000), 'x')),
      many(20, () => trickles('POST /graphql HTTP/1.1\r\nHost: h\r\n', 'X-Slow: 1\r\n')),
      many(3, readsNoFeeds),
      many(20, isGoneWithoutWord),
      many(20, halfClosed),
      many(5, readsByteByByte),
    ]);
    for (const said of [...bodies, ...heads]) expect(said).toMatch(/^HTTP\/1\.1 408 /);
    expect(new Set(silent)).toEqual(new Set([1013]));
    // The reason lies behind what they never read: some find the connection gone.
    for (const code of feeds) expect([1013, 1006]).toContain(code);
    for (const said of closed) expect(said).toMatch(/^(HTTP\/1\.1 400 |$)/);
    for (const socket of stalled) socket.destroy();
  });
}, 60_000);
