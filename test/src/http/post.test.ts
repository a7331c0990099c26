import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
let tokens: { admin: string; agent: string; forged: string };

beforeAll(async () => {
  server = await startServer();
  const admin = await server.token({ role: 'admin' });
  const agent = await server.token({ role: 'agent', host: 'h1' });
  tokens = { admin, agent, forged: `${admin.slice(0, -4)}AAAA` };
});
afterAll(() => server.stop());

interface Sent {
  readonly body: string;
  readonly token?: string | null;
  readonly accept?: string;
  readonly type?: string;
}

/** `straight`: as nearly every client asks; else with an Origin, which leaves the answer to Yoga. */
async function answer({ body, token = tokens.admin, accept, type }: Sent, straight: boolean) {
  const headers = {
    'content-type': type ?? 'application/json',
    'content-length': Buffer.byteLength(body),
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    ...(accept === undefined ? {} : { accept }),
    ...(straight ? {} : { origin: server.url }),
  };
  const { promise, resolve, reject } = Promise.withResolvers<object>();
  request(`${server.url}/graphql`, { method: 'POST', headers }, async (response) => {
    resolve({
      status: response.statusCode,
      type: response.headers['content-type'],
      authenticate: response.headers['www-authenticate'],
      sniffing: response.headers['x-content-type-options'],
      // An error's id is its own.
      body: (await text(response)).replaceAll(/[0-9a-f-]{36}/g, 'id'),
    });
  })
    .on('error', reject)
    .end(body);
  return promise;
}

const query = (text: string, rest: object = {}) => JSON.stringify({ query: text, ...rest });
const one = 'query One($id: UUID!) { qosRule(id: $id) { id } }';
const create = (input: object) =>
  query(
    'mutation($input: CreateQosRuleInput!) { createQosRule(input: $input) { qosRule { id } } }',
    {
      variables: { input },
    },
  );

const requests: Record<string, () => Sent> = {
  'a query': () => ({ body: query('{ extension { name alias } }') }),
  'another type of answer': () => ({
    body: query('{ extension { name } }'),
    accept: 'application/graphql-response+json',
  }),
  'both types of answer': () => ({
    body: query('{ extension { name } }'),
    accept: 'application/graphql-response+json, application/json',
  }),
  'no type that there is': () => ({ body: query('{ extension { name } }'), accept: 'text/plain' }),
  'a charset': () => ({
    body: query('{ extension { name } }'),
    type: 'application/json; charset=utf-8',
  }),
  variables: () => ({ body: query(one, { variables: { id: randomUUID() } }) }),
  'a wrong variable': () => ({ body: query(one, { variables: { id: 'x' } }) }),
  'a wrong variable, another type': () => ({
    body: query(one, { variables: { id: 'x' } }),
    accept: 'application/graphql-response+json',
  }),
  'a missing variable': () => ({ body: query(one) }),
  'an operation by name': () => ({
    body: query(`${one} query Two { extension { name } }`, { operationName: 'Two' }),
  }),
  'no operation of that name': () => ({
    body: query(`${one} query Two { extension { name } }`, { operationName: 'Three' }),
  }),
  'a refused mutation': () => ({
    body: create({ portId: randomUUID(), maxKbps: 0, tenantId: 't' }),
  }),
  'a role that may not': () => ({
    body: create({ portId: randomUUID(), maxKbps: 1 }),
    token: tokens.agent,
  }),
  'a field that there is not': () => ({ body: query('{ nothing }') }),
  'a field that there is not, another type': () => ({
    body: query('{ nothingAtAll }'),
    accept: 'application/graphql-response+json',
  }),
  'no GraphQL, another type': () => ({
    body: query('{ {'),
    accept: 'application/graphql-response+json',
  }),
  'no GraphQL': () => ({ body: query('{') }),
  'a subscription': () => ({ body: query('subscription { agentEvents { type } }') }),
  'no query': () => ({ body: '{}' }),
  'no JSON': () => ({ body: '{' }),
  'a list': () => ({ body: '[{"query":"{ extension { name } }"}]' }),
  'unknown words': () => ({ body: query('{ extension { name } }', { hello: 1 }) }),
  extensions: () => ({ body: query('{ extension { name } }', { extensions: {} }) }),
  'an empty body': () => ({ body: '' }),
  'a body that is too large': () => ({
    body: query(`{ extension { name } } # ${'x'.repeat(300_000)}`),
    token: tokens.agent,
  }),
  'no token': () => ({ body: query('{ extension { name } }'), token: null }),
  'a forged token': () => ({ body: query('{ extension { name } }'), token: tokens.forged }),
};

test.each(Object.keys(requests))('%s is answered as Yoga answers it', async (name) => {
  const sent = requests[name]?.() ?? { body: '' };
  expect(await answer(sent, true)).toEqual(await answer(sent, false));
});

test('a client that goes away while it asks leaves the server as it was', async () => {
  const gone = connect(Number(new URL(server.url).port), '127.0.0.1');
  const head = [
    'POST /graphql HTTP/1.1',
    'Host: localhost',
    `Authorization: Bearer ${tokens.admin}`,
    'Content-Type: application/json',
    'Content-Length: 1000',
  ];
  gone.write(`${head.join('\r\n')}\r\n\r\n{"query":`, () => gone.destroy());
  await once(gone, 'close');
  const { status, data } = await server.execute(tokens.admin, '{ extension { name } }');
  expect({ status, data }).toMatchObject({ status: 200, data: { extension: {} } });
});
