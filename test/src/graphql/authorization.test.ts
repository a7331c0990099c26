import { fileURLToPath } from 'node:url';
import { getNamedType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Role, roles } from '../../../src/domain/actor.ts';
import { audienceOf } from '../../../src/graphql/access/guard.ts';
import { rules } from '../../../src/graphql/access/rules.ts';
import { answerAbout, answerTo } from './authorization/answers.ts';
import { asks } from './authorization/asks.ts';
import { criteriaOf } from './authorization/criteria.ts';
import { documentOf, fieldsOf } from './authorization/documents.ts';
import { measure, type Row, type Section } from './authorization/matrix.ts';
import { mixed } from './authorization/mixed.ts';
import { printed } from './authorization/print.ts';
import type { Side } from './authorization/side.ts';
import { makeWorld, type World } from './authorization/world.ts';

/*
 * Every field of the schema that a real server serves, asked as every role about an object of its own and about a
 * foreign one. `npm run authorization` writes what it answers to the reference.
 */

const reference = fileURLToPath(
  new URL('../../../docs/reference/authorization.md', import.meta.url),
);

let world: World;
let sections: Section[];

beforeAll(async () => {
  world = await makeWorld();
  sections = await measure(world);
});
afterAll(() => world?.server.stop());

const rowsOf = () => sections.flatMap(({ path, rows }) => rows.map((row) => ({ path, row })));
const nameOf = ({ type, field }: Row): string => `${type}.${field}`;
const rolesOf = ({ type, field }: Pick<Row, 'type' | 'field'>): readonly Role[] =>
  audienceOf(rules, type, field)?.roles ?? [];

const operations = Object.keys(asks).filter((path) => !path.startsWith('Subscription.'));
const questions = operations.flatMap((path) =>
  (asks[path] ?? []).map((_ask, way) => [`${path}, way ${way + 1}`, path, way] as const),
);

type Field = ReturnType<typeof fieldsOf>[number];

describe('every field of the API', () => {
  test('answers as the reference says', async () => {
    await expect(printed(sections)).toMatchFileSnapshot(reference);
  });

  test('answers nobody without a credential', async () => {
    const answers = await Promise.all(
      operations.map(async (path) => {
        const text = await documentOf(path, ['__typename'], world.nothing);
        return JSON.stringify(await world.server.execute(null, text));
      }),
    );
    expect([...new Set(answers)]).toEqual([expect.stringContaining('"UNAUTHENTICATED"')]);
  });

  test('is found and sorted by nothing that its caller may not read', () => {
    const names = ({ args }: Field): string[] =>
      args
        .filter(({ name }) => ['filter', 'orderBy'].includes(name))
        .flatMap(({ type }) => criteriaOf(getNamedType(type)));
    const hidden = fieldsOf('Query')
      .filter(({ type }) => getNamedType(type).name.endsWith('Connection'))
      .flatMap((field) => {
        const callers = rolesOf({ type: 'Query', field: field.name });
        const type = getNamedType(field.type).name.replace(/Connection$/, '');
        return names(field)
          .filter((name) => fieldsOf(type).some((one) => one.name === name))
          .filter((name) => callers.some((role) => !rolesOf({ type, field: name }).includes(role)))
          .map((name) => `${field.name} by ${name}`);
      });
    expect(hidden).toEqual([]);
  });

  test('has a value for somebody, so that the others are seen to be refused', () => {
    const rows = Map.groupBy(rowsOf(), ({ row }) => nameOf(row));
    const never = [...rows]
      .filter(([, same]) => !same.some(({ row }) => hasValue(row)))
      .map(([name]) => name);
    expect(never).toEqual([]);
  });

  test('has none for a role that the rules do not name', () => {
    const open = rowsOf().flatMap(({ path, row }) =>
      roles
        .filter((role) => !rolesOf(row).includes(role))
        .filter((role) => !['FORBIDDEN', 'null'].includes(row.cells[role].own))
        .map((role) => `${path}: ${nameOf(row)} for ${role}`),
    );
    expect(open).toEqual([]);
  });

  test('has none of a foreign object, but for administrators', () => {
    const open = rowsOf()
      .filter(({ path, row }) => isAboutObjects(path, row))
      .flatMap(({ path, row }) =>
        roles
          .filter((role) => role !== 'admin' && row.cells[role].foreign === 'value')
          .map((role) => `${path}: ${nameOf(row)} for ${role}`),
      );
    expect(open).toEqual([]);
  });
});

describe('a foreign object', () => {
  test.each(questions)('is answered as one that never was: %s', async (_name, path, way) => {
    for (const role of ['member', 'reader', 'agent'] as const) {
      const [foreign, nothing] = await Promise.all(
        [world.foreign, world.nothing].map((about) => answerAbout(world, role, about, path, way)),
      );
      expect(foreign, role).toBe(nothing);
    }
  });

  test.each(mixed)('among own ones is answered so too: %s', async (_name, textFor) => {
    const free = await world.own.newPort();
    const [foreign, nothing] = await Promise.all(
      [world.foreign, world.nothing].map((about) =>
        answerTo(world, 'member', about, textFor(about, world.own, free)),
      ),
    );
    expect(foreign).toBe(nothing);
    expect(foreign).toContain(
      foreign?.includes('NOT_FOUND') ? 'rules[1].portId' : world.own.tenant,
    );
    expect(await rulesOf(free)).toEqual([]);
  });

  test("is answered so at a tenant's quota too", async () => {
    const { own, foreign, nothing } = world;
    const free = await own.newPort();
    const setQuota = (maxRules: number) =>
      ask(
        'admin',
        `mutation { setTenantQuota(input: { tenantId: "${own.tenant}", maxRules: ${maxRules} }) { __typename } }`,
      );
    const make = ({ portId }: Pick<Side, 'portId'>) =>
      `mutation { createQosRule(input: { portId: "${portId}", maxKbps: 1 }) { __typename } }`;
    await setQuota(0);
    const answers = await Promise.all(
      [foreign, nothing].map((about) => answerTo(world, 'member', about, make(about))),
    );
    expect(await answerTo(world, 'member', own, make({ portId: free }))).toContain(
      'LIMIT_EXCEEDED',
    );
    await setQuota(1000);
    expect(answers[0]).toBe(answers[1]);
    expect(answers[0]).toContain('NOT_FOUND');
  });

  test("counts as one that never was in an agent's report", async () => {
    const { own, foreign, nothing } = world;
    const { hostQos } = await ask<{ hostQos: { to: string } }>(
      'agent',
      `{ hostQos(host: "${own.host}") { to } }`,
    );
    const report = ({ portId, ruleId }: Side) => {
      const place = `portId: "${portId}", direction: EGRESS, ruleId: "${ruleId}"`;
      return `mutation {
        reportQos(input: { host: "${own.host}", to: "${hostQos.to}", complete: false,
          results: [{ ${place}, ruleVersion: 2, status: APPLIED }] }) { accepted }
        reportUsage(input: { host: "${own.host}", usage: [{ ${place}, packets: 2 }] }) { accepted }
      }`;
    };
    const count = (accepted: number) => ({ reportQos: { accepted }, reportUsage: { accepted } });
    expect(await ask('agent', report(foreign))).toEqual(count(0));
    expect(await ask('agent', report(nothing))).toEqual(count(0));
    expect(await ask('agent', report(own))).toEqual(count(1));
  });

  test('is on no page, whatever cursor leads there, and in no count', async () => {
    const list = `totalCount edges { cursor node { tenantId } }`;
    const { qosRules: all } = await ask<{ qosRules: Page }>('admin', `{ qosRules { ${list} } }`);
    const own = all.edges.filter(({ node }) => node.tenantId === world.own.tenant);
    expect(own.length).toBeLessThan(all.edges.length);
    for (const { cursor } of all.edges.filter((edge) => !own.includes(edge)).slice(0, 4)) {
      for (const page of [`after: "${cursor}"`, `before: "${cursor}"`]) {
        const text = `{ qosRules(${page}) { ${list} } }`;
        const { qosRules: seen } = await ask<{ qosRules: Page }>('reader', text);
        expect(seen.totalCount).toBe(own.length);
        expect(own).toEqual(expect.arrayContaining([...seen.edges]));
      }
    }
  });

  test('on the same host is seen by its own tenant and by administrators, at once', async () => {
    const { own, foreign, tokens, server } = world;
    const foreignToken = await server.token({ role: 'member', tenant: foreign.tenant });
    const shared = await foreign.newRule(own.host);
    const text = `{ agent(host: "${own.host}") { bindings(first: 100) { totalCount nodes { ruleId rule { tenantId }
      agent { host bindings(first: 2) { nodes { rule { tenantId } } } } } } }
      qosAgentBindings(filter: { host: ["${own.host}"] }, first: 100) { totalCount nodes { rule { tenantId } } } }`;
    const callers = [tokens.member, foreignToken, tokens.admin, tokens.reader];
    const asked = Array.from({ length: 24 }, (_, index) => callers[index % callers.length]!);
    const answers = await Promise.all(asked.map((token) => server.execute(token, text)));
    for (const [index, { data }] of answers.entries()) {
      const seen = JSON.stringify(data);
      const token = asked[index];
      expect(seen.includes(`"${own.tenant}"`)).toBe(token !== foreignToken);
      expect(seen.includes(`"${foreign.tenant}"`)).toBe(
        [foreignToken, tokens.admin].includes(token!),
      );
      if (token === foreignToken) {
        const one = { totalCount: 1, nodes: [{ rule: { tenantId: foreign.tenant } }] };
        expect(data).toMatchObject({ agent: { bindings: one }, qosAgentBindings: one });
        expect(seen).toContain(shared);
      }
    }
  });
});

interface Page {
  readonly totalCount: number;
  readonly edges: readonly { readonly cursor: string; readonly node: { tenantId: string } }[];
}

async function ask<Data>(role: Role, text: string): Promise<Data> {
  const { data, errors } = await world.server.execute<Data, unknown>(world.tokens[role], text);
  if (!data) throw new Error(JSON.stringify(errors));
  return data;
}

const rulesOf = async (portId: string) =>
  (await ask<{ port: { rules: unknown[] } }>('admin', `{ port(id: "${portId}") { rules { id } } }`))
    .port.rules;

const hasValue = ({ cells }: Row): boolean => roles.some((role) => cells[role].own === 'value');

function isAboutObjects(path: string, { type, field }: Row): boolean {
  const root = path === type ? `${type}.${field}` : path.split('.', 2).join('.');
  return asks[root]?.length !== 0 || root.startsWith('Subscription.');
}
