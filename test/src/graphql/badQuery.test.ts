import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CreateQosRuleDocument, QosRulesDocument } from '../../../schema/generated/graphql.ts';
import { type Answer, startServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
let admin: string;

beforeAll(async () => {
  server = await startServer();
  admin = await server.token({ role: 'admin' });
});
afterAll(() => server.stop());

const faultsOf = ({ errors }: Answer<unknown>) =>
  (errors ?? []).map(({ message, extensions: { code, field } }) => ({ code, field, message }));

describe('a page', () => {
  const list = (variables: object) => server.execute(admin, QosRulesDocument, variables as never);
  const size = 'must be a whole number from 1 to 500';

  test.each([
    [{ first: 0 }, 'first', `first ${size}, not 0.`],
    [{ first: 501 }, 'first', `first ${size}, not 501.`],
    [{ first: -1 }, 'first', `first ${size}, not -1.`],
    [{ first: 'ten' }, 'first', `first ${size}, not "ten".`],
    [{ last: 0 }, 'last', `last ${size}, not 0.`],
    [{ first: 1, last: 1 }, 'last', 'last cannot be together with first: leave one of them out.'],
    [
      { after: 'garbage' },
      'after',
      'after must be a cursor of this list in this order, as an edge or pageInfo gave it.',
    ],
    [
      { before: 'W10' },
      'before',
      'before must be a cursor of this list in this order, as an edge or pageInfo gave it.',
    ],
    [
      { filter: { id: [randomUUID(), randomUUID(), 'z'] } },
      'filter.id[2]',
      'id[2] must be a UUID such as 0b5cf0c1-6f3c-4c5e-9d0c-3c6f3a1d2e4f, not "z".',
    ],
    [
      { filter: { status: ['BROKEN'] } },
      'filter.status[0]',
      'status[0] must be one of APPLIED, DEGRADED, DISABLED, FAILED, NO_AGENT, PENDING, WAITING_FOR_PORT, not "BROKEN".',
    ],
    [
      { filter: { port: 'x' } },
      'filter.port',
      'There is no port in QosRuleFilter; did you mean portId?',
    ],
    [
      { filter: { host: Array.from({ length: 501 }, (_, n) => `h${n}`) } },
      'filter.host',
      'filter.host must have at most 500 entries, not 501.',
    ],
    [
      { orderBy: [{ direction: 'ASC' }] },
      'orderBy[0].field',
      'field is required: one of CREATED_AT, MAX_KBPS, NETWORK_ID, PORT_ID, TENANT_ID, UPDATED_AT.',
    ],
  ])('%o is refused', async (variables, field, message) => {
    expect(faultsOf(await list(variables))).toEqual([{ code: 'BAD_USER_INPUT', field, message }]);
  });

  test('of a wrong size is named beside a filter of a wrong form', async () => {
    const faults = faultsOf(await list({ first: 0, filter: { id: ['z'] } }));
    expect(faults.map(({ field }) => field)).toEqual(['filter.id[0]', 'first']);
  });

  test('does not begin at a cursor of another order, or a forged one', async () => {
    const input = { tenantId: 'acme', portId: randomUUID(), maxKbps: 1 };
    await server.execute(admin, CreateQosRuleDocument, { input });
    const { data } = await list({ first: 1 });
    const after = data?.qosRules.pageInfo.endCursor ?? '';
    expect((await list({ first: 1, after })).errors).toBeUndefined();
    const other = [{ field: 'TENANT_ID', direction: 'ASC' }];
    expect(faultsOf(await list({ after, orderBy: other }))).toMatchObject([{ field: 'after' }]);
    const seal = (values: unknown) =>
      Buffer.from(JSON.stringify(['createdAt,id', values])).toString('base64url');
    const id = randomUUID();
    const now = new Date().toISOString();
    for (const values of [
      [now],
      [now, id, id],
      ['yesterday', id],
      [now, 'x'],
      [now, { $ne: null }],
    ]) {
      expect(faultsOf(await list({ after: seal(values) }))).toMatchObject([{ field: 'after' }]);
    }
    expect((await list({ after: seal([now, id]) })).errors).toBeUndefined();
  });
});

describe('a document', () => {
  const document = (text: string) => server.execute(admin, text);

  test('that GraphQL cannot read or does not know is BAD_USER_INPUT', async () => {
    expect(faultsOf(await document('{ qosRules {'))).toMatchObject([{ code: 'BAD_USER_INPUT' }]);
    expect(faultsOf(await document('{ rules { id } }'))).toMatchObject([
      { code: 'BAD_USER_INPUT' },
    ]);
    expect(
      faultsOf(await document('query A { extension { name } } query B { extension { name } }')),
    ).toMatchObject([{ code: 'BAD_USER_INPUT' }]);
  });

  test('that asks for too much is refused at once, doubling fragments too', async () => {
    const nested = `{ qosRules { nodes { ${'bindings { rule { '.repeat(8)} id ${'} }'.repeat(8)} } } }`;
    const aliased = `{ ${Array.from({ length: 51 }, (_, n) => `a${n}: extension { name }`).join(' ')} }`;
    const doubling = Array.from(
      { length: 30 },
      (_, n) => `fragment F${n} on Extension { ...F${n + 1} ...F${n + 1} }`,
    ).join(' ');
    const long = `{ extension { ${'name '.repeat(3_000)} } }`;
    const started = performance.now();
    expect(faultsOf(await document(nested))[0]?.message).toMatch(/depth of 12/);
    expect(faultsOf(await document(aliased))[0]?.message).toMatch(/aliases of 50/);
    expect(
      faultsOf(
        await document(
          `{ extension { ...F0 } } ${doubling} fragment F30 on Extension { name alias }`,
        ),
      )[0]?.message,
    ).toMatch(/fields of 1000/);
    expect(faultsOf(await document(long))[0]?.message).toMatch(/2000 tokens/);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test('of two fragments that spread each other is refused by GraphQL, not by a full stack', async () => {
    const text =
      '{ extension { ...A } } fragment A on Extension { ...B } fragment B on Extension { ...A }';
    expect(faultsOf(await document(text))[0]).toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});
