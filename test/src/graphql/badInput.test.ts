import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  ApplyQosRulesDocument,
  BindPortDocument,
  CreateQosRuleDocument,
  UpdateQosRuleDocument,
} from '../../../schema/generated/graphql.ts';
import { query } from '../../../src/db/query.ts';
import { type Answer, startServer, type TestServer } from '../../support/server.ts';
import { emOf } from '../../support/services.ts';

let server: TestServer;
let admin: string;
let member: string;

beforeAll(async () => {
  server = await startServer();
  admin = await server.token({ role: 'admin' });
  member = await server.token({ role: 'member', tenant: 'acme' });
});
afterAll(() => server.stop());

/** What is stored, to see that a refusal changed none of it. */
async function stored(): Promise<unknown> {
  const statement = sql`
    select (select json_agg(r order by r.id) from qos_rules r) as rules,
      (select json_agg(p order by p.id) from ports p) as ports,
      (select json_agg(f order by f.host) from host_feeds f) as feeds,
      (select count(*) from audit_log) as audits`;
  return query(emOf(server.services), statement);
}

const faultsOf = ({ errors }: Answer<unknown>) =>
  (errors ?? []).map(({ message, extensions: { code, field } }) => ({ code, field, message }));

async function refused(operation: () => Promise<Answer<unknown>>) {
  const before = await stored();
  const faults = faultsOf(await operation());
  expect(faults).not.toEqual([]);
  expect(await stored()).toEqual(before);
  return faults;
}

const rule = () => ({ tenantId: 'acme', portId: randomUUID(), direction: 'EGRESS' as const });
const create = (input: object, token = admin) =>
  server.execute(token, CreateQosRuleDocument, { input: input as never });

const kbps = 'a whole number from 1 to 2147483647 (kbit/s)';
const marks =
  'one of 0, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 34, 36, 38, 40, 44, 46, 48, 56';

describe('one wrong field of a rule', () => {
  test.each([
    [{ maxKbps: 0 }, 'maxKbps', `maxKbps must be ${kbps}, not 0.`],
    [{ maxKbps: -5 }, 'maxKbps', `maxKbps must be ${kbps}, not -5.`],
    [{ maxKbps: 2 ** 31 }, 'maxKbps', `maxKbps must be ${kbps}, not 2147483648.`],
    [{ maxKbps: 1.5 }, 'maxKbps', `maxKbps must be ${kbps}, not 1.5.`],
    [{ maxKbps: '1000' }, 'maxKbps', `maxKbps must be ${kbps}, not "1000".`],
    [{ maxKbps: true }, 'maxKbps', `maxKbps must be ${kbps}, not true.`],
    [{ maxKbps: [1, 2] }, 'maxKbps', `maxKbps must be ${kbps}, not [1,2].`],
    [
      { maxKpps: 4_294_968 },
      'maxKpps',
      'maxKpps must be a whole number from 1 to 4294967 (thousand packets per second), not 4294968.',
    ],
    [{ dscpMark: 1 }, 'dscpMark', `dscpMark must be ${marks}, not 1.`],
    [{ dscpMark: 'EF' }, 'dscpMark', `dscpMark must be ${marks}, not "EF".`],
    [
      { dscpMark: 46, direction: 'INGRESS' },
      'dscpMark',
      'dscpMark can be set for EGRESS only, not for INGRESS.',
    ],
    [
      { maxBurstKbps: 10 },
      'maxBurstKbps',
      'maxBurstKbps needs maxKbps beside it: a burst alone limits nothing.',
    ],
    [{ minKbps: 20, maxKbps: 10 }, 'minKbps', 'minKbps 20 must not be above maxKbps 10.'],
    [{}, 'maxKbps', 'A rule must ask for something: set maxKbps, maxKpps, minKbps or dscpMark.'],
    [
      { maxKbps: 1, direction: 'SIDEWAYS' },
      'direction',
      'direction must be one of EGRESS, INGRESS, not "SIDEWAYS".',
    ],
    [
      { maxKbps: 1, portId: 'tap0' },
      'portId',
      'portId must be a UUID such as 0b5cf0c1-6f3c-4c5e-9d0c-3c6f3a1d2e4f, not "tap0".',
    ],
    [
      { maxKbps: 1, portId: null },
      'portId',
      'portId is required: a UUID such as 0b5cf0c1-6f3c-4c5e-9d0c-3c6f3a1d2e4f.',
    ],
    [
      { maxKbps: 1, portId: undefined },
      'portId',
      'portId is required: a UUID such as 0b5cf0c1-6f3c-4c5e-9d0c-3c6f3a1d2e4f.',
    ],
    [
      { maxKbps: 1, maxBurstKbs: 4 },
      'maxBurstKbs',
      'There is no maxBurstKbs in CreateQosRuleInput; did you mean maxBurstKbps?',
    ],
    [{ maxKbps: 1, tenantId: 7 }, 'tenantId', 'tenantId must be text, not 7.'],
    [{ maxKbps: 1, tenantId: '' }, 'tenantId', 'tenantId must not be empty; leave it out instead.'],
    [
      { maxKbps: 1, description: 'x'.repeat(256) },
      'description',
      'description must have at most 255 characters, not 256.',
    ],
    [
      { maxKbps: 1, tenantId: 'a\u0000b' },
      'tenantId',
      'tenantId must be text without control characters or broken surrogates.',
    ],
  ])('%o is refused with its field and what it may be', async (fields, field, message) => {
    expect(await refused(() => create({ ...rule(), ...fields }))).toEqual([
      { code: 'BAD_USER_INPUT', field, message },
    ]);
  });

  test('written into the document is refused in the same words, NaN too', async () => {
    const written = (fields: string) =>
      `mutation { createQosRule(input: { tenantId: "acme", portId: "${randomUUID()}", ${fields} }) { qosRule { id } } }`;
    const faults = await refused(() =>
      server.execute(admin, written('maxKbps: NaN, dscpMark: 7.5, direction: "EGRESS", burst: 1')),
    );
    expect(faults).toEqual(
      expect.arrayContaining([
        { code: 'BAD_USER_INPUT', field: 'maxKbps', message: `maxKbps must be ${kbps}, not NaN.` },
        {
          code: 'BAD_USER_INPUT',
          field: 'dscpMark',
          message: `dscpMark must be ${marks}, not 7.5.`,
        },
        {
          code: 'BAD_USER_INPUT',
          field: 'direction',
          message: 'direction must be one of EGRESS, INGRESS, not "EGRESS".',
        },
        {
          code: 'BAD_USER_INPUT',
          field: 'burst',
          message: 'There is no burst in CreateQosRuleInput.',
        },
      ]),
    );
    expect(faults).toHaveLength(4);
  });

  test('in a variable below the input is blamed where it stands', async () => {
    const document = `mutation ($kbps: Int, $port: UUID!) {
      createQosRule(input: { tenantId: "acme", portId: $port, maxKbps: $kbps }) { qosRule { id } }
    }`;
    const variables = { kbps: 2 ** 40, port: 'x' };
    const faults = await refused(() => server.execute(admin, document, variables));
    expect(faults.map(({ field }) => field).sort()).toEqual(['maxKbps', 'portId']);
  });

  test('is named together with every other', async () => {
    const faults = await refused(() =>
      create({ ...rule(), maxKbps: 0, dscpMark: 3, maxBurstKpps: 2, tenantId: '' }),
    );
    expect(faults.map(({ field }) => field).sort()).toEqual([
      'dscpMark',
      'maxBurstKpps',
      'maxKbps',
      'tenantId',
    ]);
  });

  test('is named beside what has a wrong form, in a list and a literal too', async () => {
    const wrong = { portId: 'nope', maxKbps: 0, minKbps: 2 ** 31, tenantId: '' };
    const fields = ['maxKbps', 'minKbps', 'portId', 'tenantId'];
    const named = async (answer: () => Promise<Answer<unknown>>) =>
      (await refused(answer)).map(({ field }) => field).sort();
    expect(await named(() => create(wrong))).toEqual(fields);
    expect(
      await named(() =>
        server.execute(admin, ApplyQosRulesDocument, {
          input: { rules: [{ ...rule(), maxKbps: 1 }, wrong] } as never,
        }),
      ),
    ).toEqual(fields.map((field) => `rules[1].${field}`));
    const literal =
      'mutation { createQosRule(input: { portId: "nope", maxKbps: 0, tenantId: "" }) { qosRule { id } } }';
    expect(await named(() => server.execute(admin, literal))).toEqual([
      'maxKbps',
      'portId',
      'tenantId',
    ]);
  });

  test('that does not fit the others is named beside what has a wrong form', async () => {
    const unfit = { portId: 'nope', direction: 'INGRESS', dscpMark: 46, maxBurstKbps: 5 };
    expect((await refused(() => create(unfit))).map(({ field }) => field).sort()).toEqual([
      'dscpMark',
      'maxBurstKbps',
      'portId',
    ]);
    // What the burst needs is there, in a form that cannot be read: that one is to blame.
    const unread = { ...rule(), maxKbps: 'ten', maxBurstKbps: 5 };
    expect((await refused(() => create(unread))).map(({ field }) => field)).toEqual(['maxKbps']);
    const hidden = `mutation ($kbps: Int) {
      createQosRule(input: { portId: "nope", maxKbps: $kbps, maxBurstKbps: 5 }) { qosRule { id } }
    }`;
    const faults = await refused(() => server.execute(admin, hidden, { kbps: 7 }));
    expect(faults.map(({ field }) => field)).toEqual(['portId']);
  });

  test('that the document leaves out is named: the whole input, or an argument', async () => {
    expect(
      await refused(() => server.execute(admin, 'mutation { createQosRule { qosRule { id } } }')),
    ).toMatchObject([
      { field: 'input', message: expect.stringMatching(/^input is required: an object/) },
    ]);
    expect(await refused(() => server.execute(admin, '{ qosRule(uuid: 1) { id } }'))).toMatchObject(
      [
        { field: 'id', message: expect.stringMatching(/^id is required: a UUID/) },
        { field: 'uuid', message: 'There is no uuid in this field.' },
      ],
    );
  });
});

describe('a rule that cannot be', () => {
  test('for a port and direction that have one is CONFLICT', async () => {
    const first = rule();
    await create({ ...first, maxKbps: 1 });
    expect(await refused(() => create({ ...first, maxKbps: 2 }))).toMatchObject(
      [{ code: 'CONFLICT', field: 'direction', message: /already has a rule for EGRESS/ }].map(
        (fault) => ({ ...fault, message: expect.stringMatching(fault.message) }),
      ),
    );
  });

  test("for another tenant's port is NOT_FOUND, as for one that nobody knows", async () => {
    const foreign = randomUUID();
    await server.execute(admin, BindPortDocument, {
      input: { portId: foreign, host: 'compute-1', tenantId: 'globex' },
    });
    const [theirs] = await refused(() => create({ portId: foreign, maxKbps: 1 }, member));
    const unknown = randomUUID();
    const [nobodys] = await refused(() => create({ portId: unknown, maxKbps: 1 }, member));
    expect(theirs).toMatchObject({ code: 'NOT_FOUND', field: 'portId' });
    expect(theirs?.message.replace(foreign, unknown)).toBe(nobodys?.message);
    expect(nobodys).toMatchObject({ code: 'NOT_FOUND', field: 'portId' });
  });

  test('of a version that is not the last is CONFLICT', async () => {
    const { data } = await create({ ...rule(), maxKbps: 1 });
    const id = data?.createQosRule.qosRule.id ?? '';
    const update = (expectedVersion: number, maxKbps: number) =>
      server.execute(admin, UpdateQosRuleDocument, { input: { id, expectedVersion, maxKbps } });
    expect((await update(1, 2)).errors).toBeUndefined();
    expect(await refused(() => update(1, 3))).toEqual([
      {
        code: 'CONFLICT',
        field: 'expectedVersion',
        message: `Rule ${id} is at version 2, not 1: read it again and decide anew.`,
      },
    ]);
  });

  test('because its id names none is NOT_FOUND', async () => {
    const id = randomUUID();
    const update = () =>
      server.execute(admin, UpdateQosRuleDocument, { input: { id, maxKbps: 1 } });
    expect(await refused(update)).toMatchObject([{ code: 'NOT_FOUND', field: 'id' }]);
  });
});

describe('a list of rules', () => {
  test('names each wrong one by its place, and keeps none', async () => {
    const rules = Array.from({ length: 5 }, () => ({ ...rule(), maxKbps: 100 }));
    const wrong = rules.with(1, { ...rules[1]!, maxKbps: 0 }).with(3, { ...rules[1]!, maxKbps: 7 });
    const faults = await refused(() =>
      server.execute(admin, ApplyQosRulesDocument, { input: { rules: wrong } as never }),
    );
    expect(faults.map(({ field }) => field)).toEqual(['rules[1].maxKbps', 'rules[3].portId']);
  });

  test('with wrong types names them by their places, a hundred at most', async () => {
    const wrong = Array.from({ length: 300 }, () => ({ portId: 'x', maxKbps: 2 ** 31 }));
    const faults = await refused(() =>
      server.execute(admin, ApplyQosRulesDocument, { input: { rules: wrong } as never }),
    );
    expect(faults).toHaveLength(100);
    expect(faults[0]?.field).toMatch(/^rules\[0\]\./);
  });

  test('that is too long is refused whole', async () => {
    const rules = Array.from({ length: 10_001 }, () => ({ portId: randomUUID(), maxKbps: 1 }));
    const faults = await refused(() =>
      server.execute(admin, ApplyQosRulesDocument, {
        input: { rules, tenantId: 'acme' } as never,
      }),
    );
    expect(faults).toEqual([
      {
        code: 'BAD_USER_INPUT',
        field: 'rules',
        message: 'rules must have at most 10000 entries, not 10001.',
      },
    ]);
  });
});
