import { type GraphQLNamedType, getNamedType, isEnumType, isInputObjectType } from 'graphql';

/** What a filter or a sort key is called, as the field that it is about. */
export function criteriaOf(type: GraphQLNamedType): string[] {
  if (isEnumType(type)) return type.getValues().map(({ name }) => camelCase(name));
  if (!isInputObjectType(type)) return [];
  const fields = Object.values(type.getFields());
  const key = fields.find(({ name }) => name === 'field');
  return key ? criteriaOf(getNamedType(key.type)) : fields.map(({ name }) => name);
}

const camelCase = (name: string): string =>
  name.toLowerCase().replace(/_(.)/g, (_all, letter: string) => letter.toUpperCase());
