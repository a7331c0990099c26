import { randomUUID } from 'node:crypto';
import { print } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AgentHeartbeatDocument, ListRulesDocument } from '../../../schema/generated/graphql.ts';
import { openSocket, startServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
let admin: string;
let agent: string;

beforeAll(async () => {
  const costRates = { admin: 200_000, member: 20_000, reader: 1, agent: 2_000 };
  server = await startServer({ limits: { costRates, strangersPerAddress: 5 } });
  admin = await server.token({ role: 'admin' });
  agent = await server.token({ role: 'agent', host: 'compute-1' });
});
afterAll(() => server.stop());

/** The first answer to an operation on a socket of its own. */
async function onSocket(token: string, payload: object) {
  const { messages, send, socket } = await openSocket(server, { authorization: `Bearer ${token}` });
  await expect.poll(() => messages).toHaveLength(1);
  send({ type: 'subscribe', id: '1', payload });
  await expect.poll(() => messages.find(({ id }) => id === '1')).toBeDefined();
  socket.terminate();
  return messages.find(({ id }) => id === '1');
}

describe('an operation', () => {
  const deep = (first: number) =>
    `{ agents(first: ${first}) { nodes { bindings(first: ${first}) { nodes { rule { id maxKbps } } } } } }`;

  test.each([
    ['a page of pages', deep(500), /about 1\d{6} fields; 50000 at most/],
    ['directives', `{ extension { ${'name @skip(if: false) '.repeat(51)} } }`, /directives of 50/],
    [
      'directives of fragments, counted wherever they are spread',
      `{ extension { ${'...F '.repeat(26)} } } fragment F on Extension { name @skip(if: false) @include(if: true) }`,
      /directives of 50/,
    ],
  ])(
    'that asks for too much is refused, alike on HTTP and WebSocket: %s',
    async (_, query, why) => {
      const { errors } = await server.execute(admin, query);
      expect(errors?.[0]).toMatchObject({
        message: expect.stringMatching(why),
        extensions: { code: 'BAD_USER_INPUT' },
      });
      const { payload } = (await onSocket(admin, { query })) ?? {};
      expect(payload).toEqual(errors);
    },
  );

  test('costs what its pages hold, whether they are written or given', async () => {
    expect((await server.execute(admin, deep(50))).errors).toBeUndefined();
    const given =
      'query ($n: Int) { agents(first: $n) { nodes { bindings(first: $n) { nodes { host } } } } }';
    expect((await server.execute(admin, given, { n: 50 })).errors).toBeUndefined();
    expect((await server.execute(admin, given, { n: 500 })).errors?.[0]?.message).toMatch(/50000/);
  });

  test('of the largest page that the command line asks for goes through', async () => {
    const { errors } = await server.execute(admin, ListRulesDocument, { first: 500 });
    expect(errors).toBeUndefined();
  });
});

describe('a caller that asks for more than its role may', () => {
  test('is refused with 429 and the time to wait, on HTTP and on WebSocket', async () => {
    const token = await server.token({ role: 'reader', tenant: 'acme' });
    const query = '{ qosRules(first: 100) { nodes { id } } }';
    const post = () =>
      fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query }),
      });
    expect((await post()).status).toBe(200);
    let refused = await post();
    while (refused.status === 200) refused = await post();
    expect(refused.status).toBe(429);
    const retryAfterS = Number(refused.headers.get('retry-after'));
    expect(retryAfterS).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({
      errors: [{ extensions: { code: 'LIMIT_EXCEEDED', retryAfterS } }],
    });
    // What was spent comes back while a socket opens: there too it is asked until nothing is left.
    let answer = await onSocket(token, { query });
    while (answer?.type === 'next') answer = await onSocket(token, { query });
    expect(answer).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'LIMIT_EXCEEDED', retryAfterS: expect.any(Number) } }],
    });
    expect((await server.execute(admin, query)).errors).toBeUndefined();
  });
});

describe("an agent's credential", () => {
  const asked = '{ extension { name } }';

  test.each([
    '{ __typename }',
    '{ __schema { types { name } } }',
    asked,
    '{ nonsense',
    '{ exten }',
  ])(
    'runs nothing but what agents send, and learns nothing from the refusal: %s',
    async (query) => {
      const refusal = {
        message: "An agent's credential runs only the documents that agents ship with.",
        extensions: { code: 'FORBIDDEN' },
      };
      expect((await server.execute(agent, query)).errors).toEqual([refusal]);
      expect((await onSocket(agent, { query }))?.payload).toEqual([refusal]);
      const url = `${server.url}/graphql?query=${encodeURIComponent(query)}`;
      const got = await fetch(url, { headers: { authorization: `Bearer ${agent}` } });
      expect((await got.json()) as object).toEqual({ errors: [refusal] });
    },
  );

  test('runs what agents send: of that only its variables are refused', async () => {
    const refused = [{ extensions: { code: 'BAD_USER_INPUT', field: 'input' } }];
    const query = print(AgentHeartbeatDocument);
    expect((await server.execute(agent, query, {})).errors).toMatchObject(refused);
    expect(JSON.stringify(await onSocket(agent, { query, variables: {} }))).toContain(
      'BAD_USER_INPUT',
    );
  });

  test('is told of a name that there is not, and of none that it is like', async () => {
    const refused = [
      {
        message: 'There is no hots in AgentHeartbeatInput.',
        extensions: { code: 'BAD_USER_INPUT', field: 'hots' },
      },
    ];
    const query = print(AgentHeartbeatDocument);
    const variables = { input: { host: 'h', hots: 'h', binary: 'b', agentType: 't' } };
    expect((await server.execute(agent, query, variables)).errors).toMatchObject(refused);
    expect((await onSocket(agent, { query, variables }))?.payload).toMatchObject({
      errors: refused,
    });
    // Not as plain as answerPost takes it: by Yoga.
    const answer = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${agent}`,
        'content-type': 'application/json',
        accept: 'application/json; charset=utf-8',
      },
      body: JSON.stringify({ query, variables }),
    });
    expect(await answer.json()).toMatchObject({ errors: refused });
  });

  test('has two sockets: a third makes the oldest go', async () => {
    const token = await server.token({ role: 'agent', host: randomUUID() });
    const sockets = [];
    for (let n = 0; n < 3; n += 1) {
      const opened = await openSocket(server, { authorization: `Bearer ${token}` });
      await expect.poll(() => opened.messages).toHaveLength(1);
      sockets.push(opened);
    }
    const [oldest, second, third] = sockets;
    expect(await oldest?.closed).toMatchObject({ code: 1008 });
    for (const stays of [second, third]) {
      stays?.send({ type: 'ping' });
      await expect.poll(() => stays?.messages.at(-1)).toEqual({ type: 'pong' });
      stays?.socket.terminate();
    }
  });
});

test('a server for trusted documents alone runs those of the command line, and no others', async () => {
  await using strict = await startServer({ limits: { trustedFor: 'everybody' } });
  const token = await strict.token({ role: 'admin' });
  expect((await strict.execute(token, ListRulesDocument, { first: 1 })).errors).toBeUndefined();
  const { errors } = await strict.execute(token, '{ extension { name } }');
  expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
});

test.each([
  ['agents', 'admin'],
  ['agents', 'member'],
  ['everybody', 'member'],
] as const)(
  'where documents are trusted for %s, %s learns of the schema only where it may ask',
  async (trustedFor, role) => {
    const own = trustedFor === 'everybody' ? await startServer({ limits: { trustedFor } }) : server;
    const token = await own.token(role === 'admin' ? { role } : { role, tenant: 'acme' });
    const asked = trustedFor === 'agents';
    const { data } = await own.execute(token, '{ __schema { queryType { name } } }');
    expect(data ?? null).toEqual(asked ? { __schema: { queryType: { name: 'Query' } } } : null);
    const misspelt = await own.execute(token, '{ extensionn { name } }');
    expect(JSON.stringify(misspelt).includes('Did you mean')).toBe(asked);
    const wrong = await own.execute(token, ListRulesDocument, { filter: { portIds: [] } } as never);
    expect(wrong.errors?.map(({ message }) => message)).toEqual([
      `There is no portIds in QosRuleFilter${asked ? '; did you mean portId?' : '.'}`,
    ]);
    if (own !== server) await own.stop();
  },
);

test('an address of which nobody knows who is there gets no more sockets than it may', async () => {
  const strangers = await Promise.all(Array.from({ length: 5 }, () => openSocket(server)));
  await expect(openSocket(server)).rejects.toThrow(/429/);
  const [first] = strangers;
  first?.send({ type: 'connection_init', payload: { authorization: `Bearer ${admin}` } });
  await expect.poll(() => first?.messages).toHaveLength(1);
  (await openSocket(server)).socket.terminate();
  for (const { socket } of strangers) socket.terminate();
});
