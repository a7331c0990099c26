import type { ExecutionArgs, GraphQLError } from 'graphql';
import type { Logger } from '../../lib/log.ts';
import type { Context } from './context.ts';
import { isUnjudged, responseErrors } from './errors.ts';
import { operationErrors } from './input/operationFaults.ts';
import { mayIntrospect, type TrustedFor } from './trustedDocuments.ts';

interface Result {
  readonly errors?: readonly GraphQLError[];
}

/** An operation that ran, and whose documents had to be among those that ship. */
interface Ran {
  readonly args: ExecutionArgs;
  readonly trustedFor: TrustedFor;
}

/** Gives every error of a result its code and sentence. `ran`: where an operation did. */
export function judgedResult<R extends Result>(result: R, log: Logger, ran?: Ran): R {
  if (!result.errors) return result;
  const found = ran ? withFields(result.errors, ran.args) : result.errors;
  const errors = found.flatMap((error) => responseErrors(error, log));
  return { ...result, errors: ran && !isToldHints(ran) ? errors.map(withoutHint) : errors };
}

function isToldHints({ args, trustedFor }: Ran): boolean {
  const { actor } = args.contextValue as Context;
  return mayIntrospect(trustedFor, actor.role);
}

/** As GraphQL puts it, and we do. Nothing else of the schema is in what is said of a document that ships. */
function withoutHint(error: GraphQLError): GraphQLError {
  error.message = error.message.replace(/[.;]? did you mean [^?]*\?/i, '.');
  return error;
}

/** Values that GraphQL could not take are looked up again, to name every one with its field. */
function withFields(
  errors: readonly GraphQLError[],
  { schema, document, operationName, variableValues }: ExecutionArgs,
): readonly GraphQLError[] {
  if (!errors.some(isUnjudged)) return errors;
  const found = operationErrors(schema, document, operationName, variableValues ?? {});
  return found.length > 0 ? [...found, ...errors.filter((error) => !isUnjudged(error))] : errors;
}
