import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ListOrder, openCursor, sealCursor } from '../../../src/graphql/listCursor.ts';
import { fuzzing, fuzzTimeoutMs } from '../../support/fuzz.ts';
import { openSocket, startServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
let admin: string;

beforeAll(async () => {
  const costRates = { admin: 1e9, member: 1, reader: 1, agent: 1 };
  server = await startServer({ limits: { costRates } });
  admin = await server.token({ role: 'admin' });
  const rule = (direction: string) => `${direction}: createQosRule(input: {
    portId: "${randomUUID()}", tenantId: "acme", direction: ${direction}, maxKbps: 5 }) { qosRule { id } }`;
  const { errors } = await server.execute(
    admin,
    `mutation { ${rule('EGRESS')} ${rule('INGRESS')} }`,
  );
  expect(errors).toBeUndefined();
});
afterAll(() => server.stop());

/** Every list that is read by pages, with the keys of its cursors. */
const lists: readonly (readonly [field: string, order: ListOrder])[] = [
  [
    'qosRules',
    [
      ['createdAt', 'instant'],
      ['id', 'uuid'],
    ],
  ],
  [
    'qosRules(orderBy: [{ field: MAX_KBPS }, { field: PORT_ID }]',
    [
      ['maxKbps', 'integer'],
      ['portId', 'uuid'],
      ['id', 'uuid'],
    ],
  ],
  ['ports', [['id', 'uuid']]],
  ['agents', [['host', 'text']]],
  ['auditLog', [['id', 'bigint']]],
  ['tenantQuotas', [['tenantId', 'text']]],
  [
    'agentCredentials',
    [
      ['host', 'text'],
      ['id', 'uuid'],
    ],
  ],
];

/** What a key of a cursor may hold: right ones, the last that are right, and what is none. */
const value = fc.oneof(
  fc.uuid(),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.integer(),
  fc
    .date({ min: new Date(-1e14), max: new Date(8e15), noInvalidDate: true })
    .map((date) => date.toISOString()),
  fc.constantFrom(
    ...[
      null,
      '',
      'x\u0000',
      '\ud800',
      '0',
      '9'.repeat(18),
      '9'.repeat(19),
      '-1',
      2 ** 31 - 1,
      -(2 ** 31),
      1e300,
      0.5,
    ],
    ...[
      '0000-01-01T00:00:00.000Z',
      '9999-12-31T23:59:59.999Z',
      '2026-02-30T00:00:00.000Z',
      '2026-01-01T24:00:00.000Z',
      '2026-12-31T23:59:60.000Z',
    ],
    ...[
      'ffffffff-ffff-ffff-ffff-ffffffffffff',
      '00000000-0000-0000-0000-000000000000',
      '5E0B3A1C-6F27-4C0E-9A55-0D5F0F1A2B3C',
    ],
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

const cursors = fc.nat(lists.length - 1).chain((list) => {
  const order = lists[list]![1];
  const sealed = fc.array(value, { minLength: order.length, maxLength: order.length });
  return fc.record({
    list: fc.constant(list),
    way: fc.constantFrom('first: 2, after', 'last: 2, before'),
    cursor: fc.oneof(
      { weight: 4, arbitrary: sealed.map((values) => sealCursor(order, values)) },
      fc.string({ unit: 'binary' }),
      fc.json({ maxDepth: 4 }).map((json) => Buffer.from(json).toString('base64url')),
      fc.constant(Buffer.from('['.repeat(3_000)).toString('base64url')),
    ),
  });
});

test(
  "a list's cursor that nobody gave is a page of it or refused as such, and no failure of the server",
  async () => {
    await fc.assert(
      fc.asyncProperty(cursors, async ({ list, way, cursor }) => {
        const [field, order] = lists[list]!;
        const call = field.includes('(') ? `${field}, ${way}: $at)` : `${field}(${way}: $at)`;
        const { errors = [] } = await server.execute(
          admin,
          `query ($at: String) { ${call} { totalCount pageInfo { endCursor hasNextPage } } }`,
          { at: cursor },
        );
        const wanted = openCursor(order, cursor) === undefined ? ['BAD_USER_INPUT'] : [];
        expect(errors.map(({ extensions }) => extensions.code)).toEqual(wanted);
      }),
      fuzzing(150),
    );
  },
  fuzzTimeoutMs,
);

const epoch = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1 }),
  fc.uuid().map((id) => `${id}.7711074583195617084.00000001`),
  fc.constantFrom('\u0000', `${randomUUID()}.1.1\u0000`, '{}', "'", '\ud800', '{"a"}', 'NULL'),
);
const positions = fc
  .tuple(
    fc.constantFrom('1', '2', ''),
    epoch,
    fc.oneof(fc.bigInt(), fc.constantFrom('', '00', '1e5', '９')),
  )
  .map((parts) => Buffer.from(parts.join('|'), 'utf8').toString('base64url'));

test(
  "a feed's cursor that nobody gave gets the whole state, and other hosts' feeds do not notice",
  async () => {
    const { socket, messages, send } = await openSocket(server, {
      authorization: `Bearer ${admin}`,
    });
    await expect.poll(() => messages).toHaveLength(1);
    let asked = 0;
    const feed = (host: string, since: string | null) => {
      asked += 1;
      const query =
        'subscription ($host: String!, $since: Cursor) { hostQosChanges(host: $host, since: $since) { from more } }';
      send({
        type: 'subscribe',
        id: String(asked),
        payload: { query, variables: { host, since } },
      });
      return String(asked);
    };
    await fc.assert(
      fc.asyncProperty(fc.oneof(positions, fc.string({ maxLength: 300 })), async (since) => {
        messages.length = 0;
        const ids = [feed('compute-1', since), feed('compute-2', null)];
        await expect.poll(() => messages.length, { interval: 2 }).toBe(2);
        for (const { type, payload } of messages) {
          expect({ type, payload }).toEqual({
            type: 'next',
            payload: { data: { hostQosChanges: { from: null, more: false } } },
          });
        }
        for (const id of ids) send({ type: 'complete', id });
      }),
      fuzzing(150),
    );
    socket.terminate();
  },
  fuzzTimeoutMs,
);
