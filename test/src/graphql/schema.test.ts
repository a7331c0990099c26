import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  buildSchema,
  findBreakingChanges,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../../src/graphql/schema.ts';

const fixture = new URL('../../fixtures/contract.graphql', import.meta.url);
const contract = buildSchema(readFileSync(fixture, 'utf8'));

const own = (type: GraphQLNamedType) => !isIntrospectionType(type) && !isSpecifiedScalarType(type);

test('everything that the contract promises is there', () => {
  expect(findBreakingChanges(contract, schema)).toEqual([]);
});

test('with exactly the nullability, arguments and defaults of the contract', () => {
  for (const type of Object.values(contract.getTypeMap()).filter(own)) {
    expect(shapeOf(schema.getType(type.name))).toMatchObject(shapeOf(type));
  }
});

test('every type, field, argument, input field and enum value says what it is', () => {
  const silent = Object.values(schema.getTypeMap())
    .filter(own)
    .flatMap((type) => [[type.name, type.description] as const, ...partsOf(type)])
    .filter(([, description]) => !description)
    .map(([name]) => name);
  expect(silent).toEqual([]);
});

test('schema/schema.graphql is what the code prints', () => {
  const script = fileURLToPath(new URL('../../../scripts/printSchema.ts', import.meta.url));
  expect(() => execFileSync(process.execPath, [script, '--check'])).not.toThrow();
});

function shapeOf(type: GraphQLNamedType | undefined): Record<string, unknown> {
  if (isObjectType(type)) {
    return Object.fromEntries(
      Object.values(type.getFields()).map(({ name, type: of, args }) => [
        name,
        { type: String(of), args: Object.fromEntries(args.map(inputShape)) },
      ]),
    );
  }
  if (isInputObjectType(type))
    return Object.fromEntries(Object.values(type.getFields()).map(inputShape));
  if (isEnumType(type))
    return {
      values: type
        .getValues()
        .map(({ name }) => name)
        .sort(),
    };
  return { kind: type?.constructor.name };
}

const inputShape = ({
  name,
  type,
  defaultValue,
}: Pick<GraphQLArgument, 'name' | 'type' | 'defaultValue'>) =>
  [name, { type: String(type), defaultValue }] as const;

type Part = readonly [name: string, description: string | null | undefined];

function partsOf(type: GraphQLNamedType): Part[] {
  if (isEnumType(type)) {
    return type.getValues().map(({ name, description }) => [`${type.name}.${name}`, description]);
  }
  if (!isObjectType(type) && !isInputObjectType(type)) return [];
  return Object.values(type.getFields()).flatMap((field): Part[] => [
    [`${type.name}.${field.name}`, field.description],
    ...argsOf(field).map(
      (arg): Part => [`${type.name}.${field.name}(${arg.name})`, arg.description],
    ),
  ]);
}

const argsOf = (field: GraphQLField<unknown, unknown> | GraphQLInputField) =>
  'args' in field ? field.args : [];
