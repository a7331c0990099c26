import type { ExecutionArgs, GraphQLError } from 'graphql';
import type { Logger } from '../../lib/log.ts';
import { isUnjudged, responseErrors } from './errors.ts';
import { operationErrors } from './input/operationFaults.ts';

interface Result {
  readonly errors?: readonly GraphQLError[];
}

/** Gives every error of a result its code and sentence. `args`: of the operation, where one ran. */
export function judgedResult<R extends Result>(result: R, log: Logger, args?: ExecutionArgs): R {
  if (!result.errors) return result;
  const errors = args ? withFields(result.errors, args) : result.errors;
  return { ...result, errors: errors.flatMap((error) => responseErrors(error, log)) };
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
