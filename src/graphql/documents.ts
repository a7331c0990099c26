import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  type ParseOptions,
  parse,
  type Source,
  validate,
} from 'graphql';
import { documentFaults, documentLimits } from './documentLimits.ts';
import { faultError } from './errors.ts';
import { validationRules } from './input/operationFaults.ts';

/** Yoga remembers a syntax error as it first met it, and that need not have been over HTTP. */
export function parseDocument(source: string | Source, options?: ParseOptions): DocumentNode {
  const { length } = typeof source === 'string' ? source : source.body;
  try {
    if (length > documentLimits.characters) throw tooLong(length);
    return parse(source, { ...options, maxTokens: documentLimits.tokens });
  } catch (error) {
    if (error instanceof GraphQLError) error.extensions.http = { spec: true, status: 400 };
    throw error;
  }
}

const tooLong = (characters: number): GraphQLError =>
  faultError({
    code: 'BAD_USER_INPUT',
    message: `The document may have ${documentLimits.characters} characters at most, not ${characters}: give values as variables.`,
  });

/** What a document asks for too much of; as errors of a response. */
export const limitErrors = (document: DocumentNode): GraphQLError[] =>
  documentFaults(document).map((message) => faultError({ code: 'BAD_USER_INPUT', message }));

/** What is wrong with a document: its size first, as GraphQL's own rules would walk all of it. */
export function documentErrors(
  schema: GraphQLSchema,
  document: DocumentNode,
): readonly GraphQLError[] {
  const tooMuch = limitErrors(document);
  return tooMuch.length > 0 ? tooMuch : validate(schema, document, validationRules);
}
