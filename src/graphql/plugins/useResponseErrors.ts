import type { ExecutionArgs, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Logger } from '../../../lib/log.ts';
import { isUnjudged, responseErrors } from '../errors.ts';
import { operationErrors } from '../input/operationFaults.ts';

/** Gives every error of a response its code and sentence, over HTTP and WebSocket alike. */
export function useResponseErrors(log: Logger): Plugin {
  const judged = (errors: readonly Error[]) =>
    errors.flatMap((error) => responseErrors(error, log));

  const answered = <R extends Result>(result: R, args: ExecutionArgs): R =>
    result.errors ? { ...result, errors: judged(withFields(result.errors, args)) } : result;

  return {
    onValidate:
      () =>
      ({ result, setResult }) =>
        setResult(judged(result)),
    onExecute: () => ({
      onExecuteDone({ args, result, setResult }) {
        if (!(Symbol.asyncIterator in result)) setResult(answered(result, args));
      },
    }),
    onSubscribe: () => ({
      onSubscribeResult({ args, result, setResult }) {
        if (!(Symbol.asyncIterator in result)) setResult(answered(result, args));
        return { onNext: (next) => next.setResult(answered(next.result, args)) };
      },
      onSubscribeError({ error, setError }) {
        const [first] = responseErrors(error, log);
        setError(first);
      },
    }),
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
