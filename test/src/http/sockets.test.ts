import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { print } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import {
  AgentHeartbeatDocument,
  HostQosChangesDocument,
} from '../../../schema/generated/graphql.ts';
import { revokeById } from '../../../src/services/agentCredentials.ts';
import { holdLock } from '../../support/holdLock.ts';
import { openSocket, startServer, type TestServer } from '../../support/server.ts';
import { emOf } from '../../support/services.ts';

const administrator = { role: 'admin', subject: 'test', tenantId: null } as const;
let server: TestServer;
let admin: string;

beforeAll(async () => {
  server = await startServer();
  admin = await server.token({ role: 'admin' });
});
afterAll(() => server.stop());

const opened = async () => {
  const connection = await openSocket(server, { authorization: `Bearer ${admin}` });
  await expect.poll(() => connection.messages).toEqual([{ type: 'connection_ack' }]);
  return connection;
};
const feedOf = (host: string) => ({
  query: `subscription { hostQosChanges(host: "${host}") { from to more ports { portId } } }`,
});
const hasFeed = (host: string) => server.services.switchboard.feeds.has(host);

describe('a socket is closed', () => {
  test.each([
    ['without a token', undefined, 'A credential is needed: send "Authorization: Bearer TOKEN".'],
    ['with a token of nobody', 'Bearer a.b.c', 'The token is not one that this server makes.'],
  ])('as unauthorized %s, with the reason and no more', async (_what, authorization, reason) => {
    const { closed, send, messages } = await openSocket(server);
    send({ type: 'connection_init', payload: { authorization } });
    expect(await closed).toEqual({ code: 4401, reason });
    expect(messages).toEqual([]);
  });

  test('when it asks before it says who it is', async () => {
    const { closed, send } = await openSocket(server);
    send({ type: 'subscribe', id: '1', payload: { query: '{ extension { name } }' } });
    expect(await closed).toMatchObject({ code: 4401 });
  });

  test('when it does not say who it is for three seconds', async () => {
    const { closed } = await openSocket(server);
    expect(await closed).toMatchObject({ code: 4408 });
  });

  test('when a message is longer than 128 KiB', async () => {
    const { closed, send } = await opened();
    send({ type: 'ping', payload: { long: 'x'.repeat(140_000) } });
    expect(await closed).toMatchObject({ code: 1009 });
  });
});

test('a socket is closed when its token is revoked, or has expired', async () => {
  await using own = await startServer({ pingIntervalMs: 500 });
  const claims = { role: 'agent', host: 'compute-1' } as const;
  const revoked = await own.token(claims);
  const expiring = await own.token(claims, 2_000);
  const sockets = await Promise.all(
    [revoked, expiring].map((token) => openSocket(own, { authorization: `Bearer ${token}` })),
  );
  const { jti } = JSON.parse(atob(revoked.split('.')[1] ?? '')) as { jti: string };
  await revokeById({ em: emOf(own.services), actor: administrator }, jti);
  const closings = await Promise.all(sockets.map(({ closed }) => closed));
  expect(closings).toEqual([
    { code: 4401, reason: 'The token was revoked.' },
    { code: 4401, reason: expect.stringMatching(/^The token expired .*\.$/) },
  ]);
  for (const { messages } of sockets) expect(messages).toEqual([{ type: 'connection_ack' }]);
});

test('a page of another origin cannot open a socket; one of this server, and a program, can', async () => {
  const { host } = new URL(server.url);
  await expect(openSocket(server, { origin: 'https://evil.example.org' })).rejects.toThrow(/403/);
  await expect(openSocket(server, { origin: 'null' })).rejects.toThrow(/403/);
  (await openSocket(server, { origin: `http://${host}` })).socket.terminate();
  (await openSocket(server)).socket.terminate();
});

test('only graphql-transport-ws at /graphql is spoken', async () => {
  const elsewhere = new WebSocket(
    server.webSocketUrl.replace('/graphql', '/other'),
    'graphql-transport-ws',
  );
  await expect(new Promise((_resolve, reject) => elsewhere.once('error', reject))).rejects.toThrow(
    /404/,
  );
  const legacy = new WebSocket(server.webSocketUrl, 'graphql-ws');
  await expect(new Promise((_resolve, reject) => legacy.once('error', reject))).rejects.toThrow();
});

describe('an operation on a socket', () => {
  test.each([
    ['no GraphQL', { query: '{' }],
    ['an unknown field', { query: '{ nonsense }' }],
    ['an operation that is not there', { query: '{ extension { name } }', operationName: 'X' }],
    [
      'too deep',
      {
        query: `{ qosRules { nodes { ${'bindings { rule { '.repeat(8)} id ${'} }'.repeat(8)} } } }`,
      },
    ],
  ])(
    'that is %s is answered with its errors; the socket and the others go on',
    async (_what, payload) => {
      const host = `compute-${randomUUID()}`;
      const { messages, send, socket } = await opened();
      send({ type: 'subscribe', id: 'feed', payload: feedOf(host) });
      await expect.poll(() => messages.some(({ id }) => id === 'feed')).toBe(true);
      send({ type: 'subscribe', id: 'bad', payload });
      await expect
        .poll(() => messages.find(({ id }) => id === 'bad'))
        .toMatchObject({
          type: 'error',
          payload: [{ message: expect.any(String), extensions: { code: 'BAD_USER_INPUT' } }],
        });
      expect(JSON.stringify(messages)).not.toContain('"http"');
      send({ type: 'subscribe', id: 'good', payload: { query: '{ extension { alias } }' } });
      await expect
        .poll(() => messages.find(({ id }) => id === 'good'))
        .toMatchObject({
          type: 'next',
          payload: { data: { extension: { alias: 'qos' } } },
        });
      expect(hasFeed(host)).toBe(true);
      socket.terminate();
    },
  );

  test('with wrong values names each field, as over HTTP', async () => {
    const { messages, send, socket } = await opened();
    const text =
      'query ($id: UUID!, $first: Int) { port(id: $id) { id } ports(first: $first) { totalCount } }';
    send({
      type: 'subscribe',
      id: '1',
      payload: { query: text, variables: { id: 'x', first: 'y' } },
    });
    await expect
      .poll(() => messages.find(({ id }) => id === '1'))
      .toMatchObject({
        payload: {
          errors: [{ extensions: { field: 'id' } }, { extensions: { field: 'first' } }],
        },
      });
    socket.terminate();
  });

  test('is refused past the sixteenth, and taken again when one is complete', async () => {
    const { messages, send, socket } = await opened();
    const name = randomUUID();
    for (let n = 0; n < 17; n += 1) {
      send({ type: 'subscribe', id: String(n), payload: feedOf(`${name}-${n}`) });
    }
    await expect
      .poll(() => messages.find(({ type }) => type === 'error'))
      .toMatchObject({
        id: '16',
        payload: [{ extensions: { code: 'LIMIT_EXCEEDED' } }],
      });
    await expect.poll(() => messages.filter(({ type }) => type === 'next').length).toBe(16);
    send({ type: 'complete', id: '3' });
    await expect.poll(() => hasFeed(`${name}-3`)).toBe(false);
    send({ type: 'subscribe', id: '16', payload: feedOf(`${name}-16`) });
    await expect.poll(() => hasFeed(`${name}-16`)).toBe(true);
    socket.terminate();
    await expect.poll(() => hasFeed(`${name}-16`)).toBe(false);
  });
});

test('a client that was refused and never closes its side does not keep a server from ending', async () => {
  const leaving = await startServer();
  const { hostname, port } = new URL(leaving.url);
  const client = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  client.write(
    'GET /elsewhere HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  );
  const [answer] = await once(client, 'data');
  expect(String(answer)).toMatch(/^HTTP\/1.1 404 /);
  await leaving.stop();
  client.destroy();
});

test('what an id named goes on counting until it has ended, whoever uses the id again meanwhile', async () => {
  const host = randomUUID();
  const agent = await server.token({ role: 'agent', host });
  const { socket, send, messages } = await openSocket(server, {
    authorization: `Bearer ${agent}`,
  });
  await expect.poll(() => messages).toHaveLength(1);
  const beat = { input: { host, binary: 'test', agentType: 'test', startFlag: true } };
  const row = 'select 1 from agents where host = $1 for update';
  await server.execute(agent, AgentHeartbeatDocument, beat);
  const lock = await holdLock(server.databaseUrl, row, [host]);
  const query = print(AgentHeartbeatDocument);
  for (let time = 1; time <= 17; time += 1) {
    send({ type: 'subscribe', id: 'same', payload: { query, variables: beat } });
    send({ type: 'complete', id: 'same' });
  }
  const feed = print(HostQosChangesDocument);
  send({ type: 'subscribe', id: 'feed', payload: { query: feed, variables: { host } } });
  const refused = { type: 'error', id: 'feed' };
  await expect.poll(() => messages.at(-1)).toMatchObject(refused);
  expect(messages.at(-1)).toMatchObject({
    payload: [{ extensions: { code: 'LIMIT_EXCEEDED' } }],
  });
  await lock.release();

  let attempts = 0;
  await expect
    .poll(() => {
      attempts += 1;
      const id = `feed ${attempts}`;
      send({ type: 'subscribe', id, payload: { query: feed, variables: { host } } });
      return hasFeed(host);
    })
    .toBe(true);
  socket.close();
});
