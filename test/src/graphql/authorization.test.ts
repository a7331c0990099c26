import { randomUUID } from 'node:crypto';
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { audienceOf } from '../../../src/graphql/access/guard.ts';
import { rules } from '../../../src/graphql/access/rules.ts';
import { schema } from '../../../src/graphql/schema.ts';
import { startServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
const tokens = new Map<string, string | null>();

beforeAll(async () => {
  server = await startServer({ limits: { trustedFor: 'nobody' } });
  tokens.set('none', null);
  tokens.set('admin', await server.token({ role: 'admin' }));
  tokens.set('member', await server.token({ role: 'member', tenant: 'acme' }));
  tokens.set('reader', await server.token({ role: 'reader', tenant: 'acme' }));
  tokens.set('agent', await server.token({ role: 'agent', host: 'compute-1' }));
});
afterAll(() => server.stop());

/** The least value that is right in form, so that a request is refused for its role and nothing else. */
function leastOf(type: GraphQLInputType, name: string): string {
  if (isNonNullType(type)) return leastOf(type.ofType, name);
  if (isListType(type)) return '[]';
  if (isEnumType(type)) return type.getValues()[0]!.name;
  if (isInputObjectType(type)) return `{ ${given(Object.values(type.getFields()))} }`;
  if (type.name === 'UUID') return `"${randomUUID()}"`;
  if (type.name === 'Boolean') return 'true';
  if (type.name === 'Int' || type.name === 'Counter') return '1';
  return name === 'host' ? '"compute-1"' : '"x"';
}

const given = (args: readonly (GraphQLArgument | GraphQLInputField)[]): string =>
  args
    .filter(({ type, defaultValue }) => isNonNullType(type) && defaultValue === undefined)
    .map(({ name, type }) => `${name}: ${leastOf(type, name)}`)
    .join(', ');

function textOf(kind: string, { name, args, type }: GraphQLField<unknown, unknown>): string {
  const passed = given(args);
  const selected = isLeafType(getNamedType(type)) ? '' : ' { __typename }';
  return `${kind} { ${name}${passed && `(${passed})`}${selected} }`;
}

const rolesOf = (typeName: string, fieldName: string): readonly string[] =>
  audienceOf(rules, typeName, fieldName)!.roles;

const fields = [
  ...Object.values(schema.getQueryType()!.getFields()).map((field) => ['query', field] as const),
  ...Object.values(schema.getMutationType()!.getFields()).map(
    (field) => ['mutation', field] as const,
  ),
].map(
  ([kind, field]) =>
    [
      `${kind} ${field.name}`,
      textOf(kind, field),
      rolesOf(kind === 'query' ? 'Query' : 'Mutation', field.name),
    ] as const,
);

test.each(fields)('%s is for its roles and no others', async (_name, text, allowed) => {
  for (const [role, token] of tokens) {
    const { errors = [] } = await server.execute(token, text);
    const codes = errors.map(({ extensions }) => extensions.code);
    if (role === 'none') expect(codes, role).toEqual(['UNAUTHENTICATED']);
    else if (!allowed.includes(role)) expect(codes, role).toEqual(['FORBIDDEN']);
    else expect(codes, role).not.toContain('FORBIDDEN');
  }
});
