import {
  type GraphQLInputType,
  type GraphQLLeafType,
  isInputObjectType,
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

/** Where a value stands: under which names, and in which input type; null: it is an argument. */
interface Place {
  readonly path: InputPath;
  readonly parent: string | null;
}

/** Every fault of a field's or directive's arguments. */
export const judgeArguments = (
  given: ReadonlyMap<string, Given>,
  declared: readonly Declared[],
): Fault[] => judgeFields(given, declared, { path: [], parent: null });

/**
 * Every fault of a set of named values, each with the field to blame and what it may be. It finds what
 * GraphQL's own coercion refuses; that one names no path and, in a document, stops at the first.
 */
function judgeFields(
  given: ReadonlyMap<string, Given>,
  declared: readonly Declared[],
  { path, parent }: Place,
): Fault[] {
  const names = declared.map(({ name }) => name);
  const unknown = [...given.keys()].filter((name) => !names.includes(name));
  return [
    ...declared.flatMap((field) =>
      judgeField(given.get(field.name), field, { path: [...path, field.name], parent }),
    ),
    ...unknown.map((name) => unknownField(name, names, { path: [...path, name], parent })),
  ];
}

function judgeField(given: Given | undefined, { type, defaultValue }: Declared, place: Place) {
  if (given) return judgeValue(given, type, place);
  const isRequired = isNonNullType(type) && defaultValue === undefined;
  return isRequired ? [required(type, place)] : [];
}

function judgeValue(given: Given, type: GraphQLInputType, place: Place): Fault[] {
  if (given === unjudged) return [];
  if (isNonNullType(type)) {
    return given.isNull ? [required(type, place)] : judgeValue(given, type.ofType, place);
  }
  if (given.isNull) return [];
  if (isListType(type)) {
    // A single value is taken as a list of one (GraphQL, Input Coercion of lists).
    const items = given.items();
    if (!items) return judgeValue(given, type.ofType, place);
    return items.flatMap((item, index) =>
      judgeValue(item, type.ofType, { ...place, path: [...place.path, index] }),
    );
  }
  if (isInputObjectType(type)) {
    const fields = given.fields();
    if (!fields) return [wrong(given, type, place)];
    const declared = Object.values(type.getFields());
    return judgeFields(fields, declared, { path: place.path, parent: type.name });
  }
  return takes(type, given) ? [] : [wrong(given, type, place)];
}

function takes(type: GraphQLLeafType, given: Given): boolean {
  try {
    given.parse(type);
    return true;
  } catch {
    return false;
  }
}

function wrong(given: Given, type: GraphQLInputType, { path, parent }: Place): Fault {
  const name = nameOf(path);
  return badInput(path, `${name} must be ${allowedOf(type, name, parent)}, not ${given.text}.`);
}

function required(type: GraphQLInputType, { path, parent }: Place): Fault {
  const name = nameOf(path);
  return badInput(path, `${name} is required: ${allowedOf(type, name, parent)}.`);
}

function unknownField(name: string, names: readonly string[], { path, parent }: Place): Fault {
  const meant = nearest(name, names);
  const where = parent ?? 'this field';
  return badInput(
    path,
    `There is no ${name} in ${where}${meant ? `; did you mean ${meant}?` : '.'}`,
  );
}

const badInput = (path: InputPath, message: string): Fault => ({
  code: 'BAD_USER_INPUT',
  field: fieldOf(path),
  message,
});
