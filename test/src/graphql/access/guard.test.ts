import { buildSchema, graphql } from 'graphql';
import { expect, test } from 'vitest';
import type { Rules } from '../../../../src/graphql/access/audiences.ts';
import { guardSchema } from '../../../../src/graphql/access/guard.ts';
import { rules } from '../../../../src/graphql/access/rules.ts';
import { builder } from '../../../../src/graphql/builder.ts';
import { PortRef } from '../../../../src/graphql/port.ts';
import '../../../../src/graphql/schema.ts';

test('a field that nobody said who may use keeps the schema from being built', () => {
  builder.objectField(PortRef, 'macAddress', (t) =>
    t.string({ description: 'New, and forgotten.', resolve: () => '' }),
  );
  expect(() => guardSchema(builder.toSchema(), rules)).toThrow(
    /^Nobody said for whom Port\.macAddress is: name it in src\/graphql\/access\/rules\.ts\.$/,
  );
});

const text = `
  type Query { port: Port, ports: PortConnection }
  type Port { id: String, secret: String, must: String! }
  type PortConnection { nodes: [Port], count: Int }`;
const right: Rules = {
  Query: { readers: ['port'], administrators: ['ports'] },
  Port: { whoeverSeesIt: ['id', 'must'], administratorsElseNull: ['secret'] },
  '…Connection': { whoeverSeesIt: ['nodes', 'count'] },
};

test.each<[what: string, wrong: Rules, sentence: string]>([
  [
    'a whole type without a word',
    { Port: undefined },
    'Nobody said for whom Port.id is: name it in src/graphql/access/rules.ts.',
  ],
  [
    "a list's own field",
    { '…Connection': { whoeverSeesIt: ['nodes'] } },
    'Nobody said for whom PortConnection.count is: name it in src/graphql/access/rules.ts.',
  ],
  [
    'a field that is gone',
    { Port: { ...right.Port, readers: ['name'] } },
    'src/graphql/access/rules.ts names Port.name, which is no field.',
  ],
  [
    'a type that is gone',
    { Host: { readers: ['name'] } },
    'src/graphql/access/rules.ts names Host, which is no type.',
  ],
  [
    'two words on one field',
    { Port: { ...right.Port, readers: ['id'] } },
    'Port.id is for whoeverSeesIt and for readers: one of them.',
  ],
  [
    'a query that is for whoever sees nothing yet',
    { Query: { whoeverSeesIt: ['port'], administrators: ['ports'] } },
    'Query.port leads to an object, so it must say for which roles it is.',
  ],
  [
    'null where there must be a value',
    { Port: { whoeverSeesIt: ['id'], administratorsElseNull: ['secret', 'must'] } },
    'Port.must is null for some, so its type must be nullable.',
  ],
])('%s is found', (_what, wrong, sentence) => {
  expect(() => guardSchema(buildSchema(text), { ...right, ...wrong })).toThrow(sentence);
});

test('a field answers those that it is for, and tells others so or nothing', async () => {
  const schema = guardSchema(buildSchema(text), right);
  const ask = (role: string, source: string) =>
    graphql({
      schema,
      source,
      rootValue: { port: { id: 'p1', secret: 's' }, ports: { count: 1 } },
      contextValue: { actor: { role } },
    });
  expect(await ask('admin', '{ port { id secret } ports { count } }')).toEqual({
    data: { port: { id: 'p1', secret: 's' }, ports: { count: 1 } },
  });
  const answer = await ask('reader', '{ port { id secret } ports { count } }');
  expect(answer.data).toEqual({ port: { id: 'p1', secret: null }, ports: null });
  expect(answer.errors?.map(({ message }) => message)).toEqual([
    "ports needs the role admin; this credential's is reader.",
  ]);
});

test('a field for everybody is not wrapped', () => {
  const before = buildSchema(text).getType('Port');
  const after = guardSchema(buildSchema(text), right).getType('Port');
  const resolverOf = (type: unknown) =>
    (type as { getFields(): Record<string, { resolve?: unknown }> }).getFields().id?.resolve;
  expect(resolverOf(after)).toBe(resolverOf(before));
});
