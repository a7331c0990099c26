import {
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import { allowedText, type LimitField, limitRanges } from '../../domain/ranges.ts';
import { pageSizeText } from '../../domain/text.ts';

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
  if (isPageSize(name, parent)) return pageSizeText;
  return builtIn[type.name] ?? String(type.extensions.allowed ?? type.name);
}

export const isPageSize = (name: string, parent: string | null): boolean =>
  parent === null && (name === 'first' || name === 'last');

export const isRuleInput = (parent: string | null): boolean =>
  parent === 'CreateQosRuleInput' || parent === 'UpdateQosRuleInput';

export const isRuleLimit = (name: string, parent: string | null): name is LimitField =>
  isRuleInput(parent) && Object.hasOwn(limitRanges, name);
