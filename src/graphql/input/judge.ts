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
import { objectFaults, valueFaults } from './domainFaults.ts';
import { fieldOf, type InputPath, nameOf, type Place } from './path.ts';
import { type Given, unjudged } from './reader.ts';

/** What arguments and the fields of an input object have in common. */
export interface Declared {
  readonly name: string;
  readonly type: GraphQLInputType;
  readonly defaultValue?: unknown;
}

/** What was found in a value and below it. */
interface Found {
  /** What GraphQL's own coercion refuses. */
  readonly form: readonly Fault[];
  /** What the domain refuses of values whose form is right. */
  readonly domain: readonly Fault[];
  /** Of a scalar or enum: as its type takes it, null where it is left out. Undefined: not known. */
  readonly value?: unknown;
}

const nothing: Found = { form: [], domain: [] };
const absent: Found = { form: [], domain: [], value: null };
const formFault = (fault: Fault): Found => ({ form: [fault], domain: [] });
const together = (found: readonly Found[]): Found => ({
  form: found.flatMap(({ form }) => form),
  domain: found.flatMap(({ domain }) => domain),
});

/**
 * Every fault of a field's or directive's arguments, each with the field to blame and what it may be.
 * None where the form is right: the services judge the rest themselves, who may do it first.
 */
export function judgeArguments(
  given: ReadonlyMap<string, Given>,
  declared: readonly Declared[],
): readonly Fault[] {
  const { form, domain } = judgeFields(given, declared, { path: [], parent: null });
  return form.length > 0 ? [...form, ...domain] : [];
}

/** Finds what GraphQL's coercion refuses too: that one names no path and, in a document, stops at the first. */
function judgeFields(
  given: ReadonlyMap<string, Given>,
  declared: readonly Declared[],
  { path, parent }: Place,
): Found {
  const names = declared.map(({ name }) => name);
  const unknown = [...given.keys()].filter((name) => !names.includes(name));
  const found = declared.map((field) =>
    judgeField(given.get(field.name), field, { path: [...path, field.name], parent }),
  );
  const values = new Map(found.map(({ value }, index) => [names[index] ?? '', value]));
  return together([
    ...found,
    ...unknown.map((name) =>
      formFault(unknownField(name, names, { path: [...path, name], parent })),
    ),
    { form: [], domain: objectFaults(values, { path, parent }) },
  ]);
}

function judgeField(
  given: Given | undefined,
  { type, defaultValue }: Declared,
  place: Place,
): Found {
  if (given) return judgeValue(given, type, place);
  const isRequired = isNonNullType(type) && defaultValue === undefined;
  return isRequired ? formFault(required(type, place)) : { ...absent, value: defaultValue ?? null };
}

function judgeValue(given: Given, type: GraphQLInputType, place: Place): Found {
  if (given === unjudged) return nothing;
  if (isNonNullType(type)) {
    return given.isNull ? formFault(required(type, place)) : judgeValue(given, type.ofType, place);
  }
  if (given.isNull) return absent;
  if (isListType(type)) {
    // A single value is taken as a list of one (GraphQL, Input Coercion of lists).
    const items = given.items();
    if (!items) return judgeValue(given, type.ofType, place);
    return together(
      items.map((item, index) =>
        judgeValue(item, type.ofType, { ...place, path: [...place.path, index] }),
      ),
    );
  }
  if (isInputObjectType(type)) {
    const fields = given.fields();
    if (!fields) return formFault(wrong(given, type, place));
    const declared = Object.values(type.getFields());
    return judgeFields(fields, declared, { path: place.path, parent: type.name });
  }
  return judgeLeaf(given, type, place);
}

function judgeLeaf(given: Given, type: GraphQLLeafType, place: Place): Found {
  try {
    const value = given.parse(type);
    return { form: [], domain: valueFaults(value, place), value };
  } catch {
    return formFault(wrong(given, type, place));
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
