import {
  type GraphQLInputType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql';
import { nearest } from '../../../lib/nearest.ts';
import type { Fault } from '../../domain/errors.ts';
import { allowedOf } from './allowed.ts';
import { fieldOf, type InputPath, nameOf } from './path.ts';
import { type Given, unjudged } from './reader.ts';

/** What arguments and the fields of an input object have in common. */
export interface Declared {
  readonly name: string;
  readonly type: GraphQLInputType;
  readonly defaultValue?: unknown;
}

/**
 * Every fault of a set of named values, each with the field to blame and what it may be. It finds what
 * GraphQL's own coercion refuses; that one names no path and, in a document, stops at the first.
 */
export function judgeFields(
  given: ReadonlyMap<string, Given>,
  declared: readonly Declared[],
  path: InputPath,
  parent: string | null,
): Fault[] {
  const names = declared.map(({ name }) => name);
  const unknown = [...given.keys()].filter((name) => !names.includes(name));
  return [
    ...declared.flatMap((field) => judgeField(given.get(field.name), field, path, parent)),
    ...unknown.map((name) => unknownField(name, names, path, parent)),
  ];
}

function judgeField(
  given: Given | undefined,
  field: Declared,
  path: InputPath,
  parent: string | null,
): Fault[] {
  const here = [...path, field.name];
  if (given) return judgeValue(given, field.type, here, parent);
  const isRequired = isNonNullType(field.type) && field.defaultValue === undefined;
  return isRequired ? [required(field.type, here, parent)] : [];
}

function judgeValue(
  given: Given,
  type: GraphQLInputType,
  path: InputPath,
  parent: string | null,
): Fault[] {
  if (given === unjudged) return [];
  if (isNonNullType(type)) {
    if (given.isNull) return [required(type, path, parent)];
    return judgeValue(given, type.ofType, path, parent);
  }
  if (given.isNull) return [];
  if (isListType(type)) {
    const items = given.items();
    // A single value is taken as a list of one (GraphQL, Input Coercion of lists).
    if (!items) return judgeValue(given, type.ofType, path, parent);
    return items.flatMap((item, index) => judgeValue(item, type.ofType, [...path, index], parent));
  }
  if (isInputObjectType(type)) {
    const fields = given.fields();
    if (!fields) return [wrong(given, type, path, parent)];
    return judgeFields(fields, Object.values(type.getFields()), path, type.name);
  }
  return isLeafType(type) && !takes(type, given) ? [wrong(given, type, path, parent)] : [];
}

function takes(type: Parameters<Given['parse']>[0], given: Given): boolean {
  try {
    given.parse(type);
    return true;
  } catch {
    return false;
  }
}

function wrong(
  given: Given,
  type: GraphQLInputType,
  path: InputPath,
  parent: string | null,
): Fault {
  const name = nameOf(path);
  const allowed = allowedOf(type, name, parent);
  return badInput(path, `${name} must be ${allowed}, not ${given.text}.`);
}

function required(type: GraphQLInputType, path: InputPath, parent: string | null): Fault {
  const name = nameOf(path);
  return badInput(path, `${name} is required: ${allowedOf(type, name, parent)}.`);
}

function unknownField(
  name: string,
  names: readonly string[],
  path: InputPath,
  parent: string | null,
): Fault {
  const meant = nearest(name, names);
  const where = parent ?? 'this field';
  return badInput(
    [...path, name],
    `There is no ${name} in ${where}${meant ? `; did you mean ${meant}?` : '.'}`,
  );
}

const badInput = (path: InputPath, message: string): Fault => ({
  code: 'BAD_USER_INPUT',
  field: fieldOf(path),
  message,
});
