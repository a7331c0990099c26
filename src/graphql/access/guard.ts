import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
  isIntrospectionType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { type Role, roles } from '../../domain/actor.ts';
import { refuse } from '../../domain/errors.ts';
import type { Context } from '../context.ts';
import { type Audience, type AudienceName, audiences, type Rules } from './audiences.ts';

type Field = GraphQLField<unknown, Context>;
type Resolver = GraphQLFieldResolver<unknown, Context>;

/**
 * Lets each field answer only those that the rules name. Throws where the rules and the schema differ: nothing is
 * open because somebody forgot to say whether it is. A field for every role stays as it was.
 */
export function guardSchema(schema: GraphQLSchema, rules: Rules): GraphQLSchema {
  const types = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter((type) => !isIntrospectionType(type));
  const faults = [
    ...types.flatMap((type) => faultsOf(type, rules, isRoot(schema, type))),
    ...unknownTypes(types, rules),
  ];
  if (faults.length > 0) throw new Error(faults.join('\n'));
  for (const type of types) {
    for (const field of Object.values(type.getFields())) guardField(field, type, rules);
  }
  return schema;
}

/** For whom a field is; undefined where the rules do not say. */
export function audienceOf(
  rules: Rules,
  typeName: string,
  fieldName: string,
): Audience | undefined {
  const [name] = audienceNames(rules, typeName, fieldName);
  return name && audiences[name];
}

function audienceNames(rules: Rules, typeName: string, fieldName: string): AudienceName[] {
  const ofType = Object.entries(rules[keyOf(rules, typeName)] ?? {}) as [AudienceName, string[]][];
  return ofType.filter(([, fields]) => fields.includes(fieldName)).map(([name]) => name);
}

/** Relay's types are alike for every list. */
function keyOf(rules: Rules, typeName: string): string {
  if (rules[typeName]) return typeName;
  return typeName.replace(/^.+(?=(Connection|Edge)$)/, '…');
}

const isRoot = (schema: GraphQLSchema, type: GraphQLObjectType): boolean =>
  [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].includes(type);

function faultsOf(type: GraphQLObjectType, rules: Rules, root: boolean): string[] {
  const fields = type.getFields();
  const named = Object.values(rules[keyOf(rules, type.name)] ?? {}).flat();
  return [
    ...Object.values(fields).flatMap((field) => fieldFaults(type.name, field, rules, root)),
    ...named
      .filter((name) => !fields[name])
      .map((name) => `src/graphql/access/rules.ts names ${type.name}.${name}, which is no field.`),
  ];
}

function fieldFaults(
  typeName: string,
  { name, type }: Field,
  rules: Rules,
  root: boolean,
): string[] {
  const field = `${typeName}.${name}`;
  const named = audienceNames(rules, typeName, name);
  const [audience] = named;
  if (!audience) {
    return [`Nobody said for whom ${field} is: name it in src/graphql/access/rules.ts.`];
  }
  if (named.length > 1) return [`${field} is for ${named.join(' and for ')}: one of them.`];
  if (root && audience === 'whoeverSeesIt') {
    return [`${field} leads to an object, so it must say for which roles it is.`];
  }
  if (audiences[audience].others === 'null' && isNonNullType(type)) {
    return [`${field} is null for some, so its type must be nullable.`];
  }
  return [];
}

function unknownTypes(types: readonly GraphQLObjectType[], rules: Rules): string[] {
  const known = new Set(types.map(({ name }) => keyOf(rules, name)));
  return Object.keys(rules)
    .filter((key) => !known.has(key))
    .map((key) => `src/graphql/access/rules.ts names ${key}, which is no type.`);
}

function guardField(field: Field, { name: typeName }: GraphQLObjectType, rules: Rules): void {
  const audience = audienceOf(rules, typeName, field.name);
  if (!audience || audience.roles.length === roles.length) return;
  const guarded = guardWith(audience, field.name);
  field.resolve = guarded(field.resolve ?? defaultFieldResolver);
  if (field.subscribe) field.subscribe = guarded(field.subscribe);
}

function guardWith({ roles: named, others }: Audience, fieldName: string) {
  const allowed: ReadonlySet<Role> = new Set(named);
  const refusal = `${fieldName} needs the role ${named.join(' or ')}; this credential's is`;
  return (resolve: Resolver): Resolver =>
    (source, args, context, info) => {
      const { role } = context.actor;
      if (allowed.has(role)) return resolve(source, args, context, info);
      if (others === 'null') return null;
      throw refuse('FORBIDDEN', `${refusal} ${role}.`);
    };
}
