import { type GraphQLField, type GraphQLObjectType, getNamedType, isLeafType } from 'graphql';
import { schema } from '../../../../src/graphql/schema.ts';
import { asks } from './asks.ts';
import type { Side } from './side.ts';

type Field = GraphQLField<unknown, unknown>;

export const fieldsOf = (typeName: string): Field[] =>
  Object.values((schema.getType(typeName) as GraphQLObjectType).getFields());

/** Enough of a field to tell whether there is anything. */
export function selectionOf({ name, type }: Field): string {
  const named = getNamedType(type);
  if (isLeafType(named)) return name;
  if (named.name.endsWith('Connection')) return `${name} { totalCount }`;
  return named.name === 'PageInfo' ? `${name} { startCursor }` : `${name} { __typename }`;
}

/** An operation by which `path`, from a root's field on, is asked about a side's objects: in one of the ways there are. */
export async function documentOf(
  path: string,
  selections: readonly string[],
  about: Side,
  way = 0,
): Promise<string> {
  const [root = '', field = '', ...below] = path.split('.');
  const ways = asks[`${root}.${field}`];
  if (!ways) {
    const where = 'test/src/graphql/authorization/asks.ts';
    throw new Error(`Nobody said how to ask for ${root}.${field}: add it to ${where}.`);
  }
  const given = await ways[way]?.(about);
  const passed = given === undefined ? '' : `(${given})`;
  const inner = [...below, selections.join(' ')].reduceRight((text, step) => `${step} { ${text} }`);
  return `${root.toLowerCase()} { ${field}${passed} { ${inner} } }`;
}
