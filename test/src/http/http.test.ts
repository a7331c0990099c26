import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApplyQosRulesDocument } from '../../../schema/generated/graphql.ts';
import { verifyToken } from '../../../src/auth/tokens.ts';
import { migrateUp } from '../../../src/db/migrate.ts';
import { revokeById } from '../../../src/services/agentCredentials.ts';
import { startOwnPostgres } from '../../support/postgres.ts';
import { openSocket, startServer, type TestServer } from '../../support/server.ts';
import { emOf } from '../../support/services.ts';

const administrator = { role: 'admin', subject: 'test', tenantId: null } as const;
let server: TestServer;
let admin: string;
let member: string;
let reader: string;

beforeAll(async () => {
  server = await startServer({ origins: ['https://console.example.org'] });
  admin = await server.token({ role: 'admin' });
  member = await server.token({ role: 'member', tenant: 'acme' });
  reader = await server.token({ role: 'reader', tenant: 'acme' });
});
afterAll(() => server.stop());

const post = (token: string, body: string, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
    body,
  });
const bodyOf = async (response: Response) => (await response.json()) as Record<string, unknown>;

const padded = (unused: string): string =>
  JSON.stringify({ query: '{ extension { name } }', variables: { unused } });

/** A request of which only the head and a little is sent. */
function begin(head: string, url = server.url) {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(`${head}{`);
  return socket;
}
/** Whatever it ends with. */
const closed = (socket: Socket) => new Promise((resolve) => socket.once('close', resolve));
const headOf = (token: string, bytes: number): string =>
  [
    'POST /graphql HTTP/1.1',
    'Host: localhost',
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    `Content-Length: ${bytes}\r\n\r\n`,
  ].join('\r\n');

describe('a credential', () => {
  test('that is missing is a 401 naming the scheme, in words', async () => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ extension { name } }"}',
    });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="sluice"');
    expect(await bodyOf(response)).toEqual({
      errors: [
        {
          message: 'A credential is needed: send "Authorization: Bearer TOKEN".',
          extensions: { code: 'UNAUTHENTICATED' },
        },
      ],
    });
  });

  test('that was revoked lets nobody in, within seconds', async () => {
    const token = await server.token({ role: 'admin' });
    const status = async () => (await server.execute(token, '{ extension { name } }')).status;
    expect(await status()).toBe(200);
    const secret = new TextEncoder().encode('a secret of tests, long enough for HS256');
    const { tokenId } = await verifyToken(secret, `Bearer ${token}`);
    await revokeById({ em: emOf(server.services), actor: administrator }, tokenId);
    await expect.poll(status, { timeout: 6_000 }).toBe(401);
    const { errors } = await server.execute(token, '{ extension { name } }');
    expect(errors?.[0]?.message).toBe('The token was revoked.');
  });
});

describe('a request', () => {
  test('that is no JSON, or no GraphQL, is BAD_USER_INPUT', async () => {
    for (const body of [
      '{"query": NaN}',
      '[]',
      '{}',
      '{"query":1}',
      '{"query":"{x}","variables":3}',
    ]) {
      expect(await bodyOf(await post(admin, body))).toMatchObject({
        errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
      });
    }
  });

  test('may be as large as applyQosRules needs for those who may apply, and small for others', async () => {
    const text = 'x'.repeat(300_000);
    const large = padded(text);
    const applying = JSON.stringify({
      query: 'mutation($i: ApplyQosRulesInput!) { applyQosRules(input: $i) { created } }',
      variables: { i: { rules: [], tenantId: text, dryRun: true } },
    });
    const tooLarge = (message: RegExp) => ({
      errors: [{ message: expect.stringMatching(message), extensions: { code: 'LIMIT_EXCEEDED' } }],
    });
    const refused = await post(reader, large);
    expect(refused.status).toBe(413);
    expect(await bodyOf(refused)).toMatchObject(
      tooLarge(/may have 262144 bytes at most with this role/),
    );
    const huge = JSON.stringify({ query: `# ${'x'.repeat(9 * 1024 * 1024)}` });
    expect((await post(admin, huge)).status).toBe(413);
    // As nearly all requests are answered, and by Yoga.
    for (const headers of [{}, { accept: 'application/json, */*' }]) {
      const other = await post(member, large, headers);
      expect(other.status).toBe(413);
      expect(await bodyOf(other)).toMatchObject(tooLarge(/only applyQosRules alone/));
      const broken = await post(member, JSON.stringify({ query: `{ ${text}` }), headers);
      expect(broken.status).toBe(413);
      expect(await bodyOf(broken)).toMatchObject(tooLarge(/only applyQosRules alone/));
      const judged = await post(member, applying, headers);
      expect(await bodyOf(judged)).toMatchObject({
        errors: [{ extensions: { code: 'BAD_USER_INPUT', field: 'tenantId' } }],
      });
    }
  });

  test('that is large waits for its caller to have said the others', async () => {
    const head = headOf(member, 1_000_000);
    const sent = [begin(head), begin(head)] as const;
    const valid = padded('x'.repeat(300_000));
    await expect.poll(async () => (await post(member, valid)).status).toBe(429);
    const refused = await post(member, valid);
    expect(refused.headers.get('retry-after')).toBe('1');
    // Another caller's is none of theirs.
    expect((await post(admin, valid)).status).toBe(413);
    for (const socket of sent) socket.destroy();
    await expect.poll(async () => (await post(member, valid)).status).toBe(413);
  });

  test('of 25 MB is refused before it was sent, and its sender cut off', async () => {
    const socket = begin(headOf(admin, 25 * 1024 ** 2));
    const sending = setInterval(() => socket.write('x'), 100);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(String(answer)).toMatch(/^HTTP\/1.1 413 /);
    await closed(socket);
    clearInterval(sending);
  });

  test('that never comes to an end is given up', async () => {
    await using hasty = await startServer({
      databaseUrl: server.databaseUrl,
      limits: { requestMs: 300 },
    });
    const socket = begin(headOf(admin, 1_000), hasty.url);
    const sending = setInterval(() => socket.write('x'), 100);
    await closed(socket);
    clearInterval(sending);
  });

  test('with 10,000 rules goes through', async () => {
    const rules = Array.from({ length: 10_000 }, () => ({
      portId: randomUUID(),
      direction: 'EGRESS' as const,
      maxKbps: 2_147_483_647,
      maxBurstKbps: 2_147_483_647,
      description: 'x'.repeat(100),
    }));
    const input = { rules, tenantId: 'acme', prune: false, dryRun: true };
    const { data, errors } = await server.execute(admin, ApplyQosRulesDocument, { input });
    expect(errors).toBeUndefined();
    expect(data?.applyQosRules.created).toBe(10_000);
  }, 60_000);

  test('in chunks is refused: nobody could say how long it will be', async () => {
    const { port } = new URL(server.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      [
        'POST /graphql HTTP/1.1',
        'Host: localhost',
        `Authorization: Bearer ${admin}`,
        'Content-Type: application/json',
        'Transfer-Encoding: chunked',
        '',
        '5',
        '{"que',
        '0',
        '',
        '',
      ].join('\r\n'),
    );
    const [head] = (await once(socket, 'data')) as [Buffer];
    expect(String(head)).toMatch(/^HTTP\/1.1 411 /);
    socket.destroy();
  });

  test('from a page is answered for the origins named, and no other', async () => {
    const allow = async (origin: string) => {
      const response = await fetch(`${server.url}/graphql`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      });
      return response.headers.get('access-control-allow-origin');
    };
    expect(await allow('https://console.example.org')).toBe('https://console.example.org');
    expect(await allow('https://evil.example.org')).not.toBe('https://evil.example.org');
  });

  test('for a subscription is told to come by WebSocket', async () => {
    const response = await post(admin, '{"query":"subscription { agentEvents { type } }"}', {
      accept: 'text/event-stream',
    });
    expect(await response.text()).toMatch(/Subscriptions are served over WebSocket/);
  });
});

describe('beside GraphQL', () => {
  test('/healthz and /readyz need no credential', async () => {
    expect(await bodyOf(await fetch(`${server.url}/healthz`))).toEqual({ alive: true });
    const ready = await fetch(`${server.url}/readyz`);
    expect(ready.status).toBe(200);
    expect(await bodyOf(ready)).toEqual({
      ready: true,
      database: 'ok',
      doorbell: 'ok',
      tokens: 'ok',
      stopping: false,
    });
  });

  test('/metrics is for this machine, administrators and readers', async () => {
    const status = async (headers: Record<string, string>) => {
      const response = await fetch(`${server.url}/metrics`, { headers });
      await response.text();
      return response.status;
    };
    const through = { 'x-forwarded-for': '192.0.2.1' };
    // As a page asks whose name was made to lead here.
    const rebound = connect(Number(new URL(server.url).port), '127.0.0.1');
    rebound.write('GET /metrics HTTP/1.1\r\nHost: evil.example.org\r\n\r\n');
    const [refused] = (await once(rebound, 'data')) as [Buffer];
    expect(String(refused)).toMatch(/^HTTP\/1.1 401 /);
    rebound.destroy();
    expect(await status({})).toBe(200);
    expect(await status(through)).toBe(401);
    expect(await status({ ...through, authorization: `Bearer ${reader}` })).toBe(200);
    expect(await status({ authorization: `Bearer ${member}` })).toBe(403);
    const text = await (await fetch(`${server.url}/metrics`)).text();
    expect(text).toMatch(
      /sluice_graphql_operation_seconds_count\{operation="query",field="[a-zA-Z]+",outcome="ok"\}/,
    );
    expect(text).toMatch(/sluice_doorbell_connected 1/);
  });

  test("GraphiQL's page is for this machine, and needs nothing from the internet", async () => {
    const page = (headers: Record<string, string>) =>
      fetch(`${server.url}/graphql`, { headers: { accept: 'text/html', ...headers } });
    const html = await (await page({})).text();
    expect(html).toMatch(/<title>Sluice<\/title>/);
    expect(html).not.toMatch(/<(script|link)[^>]+(src|href)="?https?:/);
    expect((await page({ forwarded: 'for=192.0.2.1' })).status).toBe(406);
  });

  test('there is nothing', async () => {
    const response = await fetch(`${server.url}/admin`);
    expect(response.status).toBe(404);
    expect(await bodyOf(response)).toEqual({ error: 'Nothing is here; GraphQL is at /graphql.' });
  });
});

test('a database that dies is UNAVAILABLE until it is back, and the server goes on', async () => {
  await using postgres = await startOwnPostgres();
  await migrateUp(postgres.url);
  await using own = await startServer({ databaseUrl: postgres.url });
  const token = await own.token({ role: 'admin' });
  const ask = () => own.execute(token, '{ qosRules { totalCount } }');
  expect((await ask()).errors).toBeUndefined();
  const host = 'compute-1';
  const feed = own
    .connect(token)
    .iterate({ query: `subscription { hostQosChanges(host: "${host}") { from to } }` });
  await feed.next();

  const killed = postgres.kill();
  const answers: unknown[] = [];
  await expect
    .poll(async () => {
      const { errors } = await ask();
      if (errors)
        answers.push(...errors.map(({ message, extensions }) => [extensions.code, message]));
      return answers.length;
    })
    .toBeGreaterThan(0);
  expect(new Set(answers.map(String))).toEqual(
    new Set(['UNAVAILABLE,The database is unavailable; try again soon.']),
  );
  await killed;
  await expect.poll(async () => (await ask()).errors, { timeout: 10_000 }).toBeUndefined();
  await expect
    .poll(async () => (await fetch(`${own.url}/readyz`)).status, { timeout: 10_000 })
    .toBe(200);
  await own.execute(
    token,
    `mutation { bindPort(input: { portId: "${randomUUID()}", host: "${host}" }) { port { id } } }`,
  );
  expect(await feed.next()).toMatchObject({ value: { data: { hostQosChanges: {} } } });

  await postgres.stop();
  await expect
    .poll(async () => {
      const response = await fetch(`${own.url}/readyz`);
      return { status: response.status, ...(await bodyOf(response)) };
    })
    .toMatchObject({
      status: 503,
      ready: false,
      database: 'The database does not answer.',
      doorbell: "Other servers' changes are not heard yet.",
    });
}, 60_000);

test('a failure nobody foresaw is an id, and nothing else', async () => {
  await using own = await startServer();
  const token = await own.token({ role: 'admin' });
  await emOf(own.services).execute('drop view qos_agent_bindings');
  const { errors } = await own.execute(token, '{ qosAgentBindings { totalCount } }');
  expect(errors).toEqual([
    {
      message: expect.stringMatching(
        /^The server failed; its log has the reason under [0-9a-f-]{36}\.$/,
      ),
      locations: expect.anything(),
      path: ['qosAgentBindings'],
      extensions: { code: 'INTERNAL_SERVER_ERROR', errorId: expect.any(String) },
    },
  ]);
});

test('a server that stops tells its sockets to come back, and ends within seconds', async () => {
  const own = await startServer();
  const token = await own.token({ role: 'admin' });
  const { closed, messages } = await openSocket(own, { authorization: `Bearer ${token}` });
  await expect.poll(() => messages.length).toBe(1);
  const started = performance.now();
  await own.stop();
  expect(await closed).toEqual({ code: 1012, reason: 'Service restart' });
  expect(performance.now() - started).toBeLessThan(5_000);
});
