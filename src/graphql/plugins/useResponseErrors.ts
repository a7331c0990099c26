import type { ExecutionArgs, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Logger } from '../../../lib/log.ts';
import { isUnjudged, responseErrors } from '../errors.ts';
import { operationErrors } from '../input/operationFaults.ts';

/**
 * Gives every error of a response its code and sentence. What an operation is answered with is judged
 * here for HTTP and WebSocket alike; over HTTP also what keeps a request from becoming an operation.
 */
export function useResponseErrors(log: Logger): Plugin {
  const judged = <R extends Result>(result: R, args?: ExecutionArgs): R => {
    if (!result.errors) return result;
    const errors = args ? withFields(result.errors, args) : result.errors;
    return { ...result, errors: errors.flatMap((error) => responseErrors(error, log)) };
  };
  return {
    onExecute: () => ({
      onExecuteDone({ args, result, setResult }) {
        if (!(Symbol.asyncIterator in result)) setResult(judged(result, args));
      },
    }),
    onSubscribe: () => ({
      onSubscribeResult({ args, result, setResult }) {
        if (!(Symbol.asyncIterator in result)) setResult(judged(result, args));
        return { onNext: (next) => next.setResult(judged(next.result, args)) };
      },
    }),
    onResultProcess({ result, setResult }) {
      if (!Array.isArray(result) && 'errors' in result) setResult(judged(result));
    },
  };
}

interface Result {
  readonly errors?: readonly GraphQLError[];
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
