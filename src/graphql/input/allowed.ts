import {
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import { allowedText, type LimitField, limitRanges } from '../../domain/ranges.ts';
import { bounds } from '../../domain/text.ts';

const builtIn: Readonly<Record<string, string>> = {
  Int: 'a whole number from -2147483648 to 2147483647',
  String: 'text',
  Boolean: 'true or false',
};

/** What a value of this type may be, in words that complete "must be …". */
export function allowedOf(type: GraphQLInputType, name: string, parent: string | null): string {
  if (isNonNullType(type)) return allowedOf(type.ofType, name, parent);
  if (isListType(type)) return `a list, each entry ${allowedOf(type.ofType, name, parent)}`;
  if (isInputObjectType(type)) {
    return `an object with the fields ${Object.keys(type.getFields()).join(', ')}`;
  }
  if (isEnumType(type)) {
    return `one of ${type
      .getValues()
      .map((value) => value.name)
      .join(', ')}`;
  }
  if (isRuleLimit(name, parent)) return allowedText(name);
  if (parent === null && (name === 'first' || name === 'last')) return pageSizeText;
  return builtIn[type.name] ?? String(type.extensions.allowed ?? type.name);
}

/** How many entries a page may have. */
export const pageSizeText = `a whole number from 1 to ${bounds.page}`;

const isRuleLimit = (name: string, parent: string | null): name is LimitField =>
  (parent === 'CreateQosRuleInput' || parent === 'UpdateQosRuleInput') && name in limitRanges;
