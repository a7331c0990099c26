import {
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  getOperationAST,
  locatedError,
  OperationTypeNode,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { mostMsToEndWork, Work } from '../db/work.ts';
import { Refused, refuse } from '../domain/errors.ts';
import type { Context } from '../graphql/context.ts';
import { operationOf } from './tracedOperation.ts';

/**
 * Runs an operation, and ends it where it takes too long: with it what it runs in the database, whose transaction is
 * rolled back. A query ends also where nobody waits for its answer; a mutation may be finished then.
 */
export async function boundedOperation(
  mostMs: number,
  args: ExecutionArgs,
  run: () => ExecutionResult | Promise<ExecutionResult>,
): Promise<ExecutionResult> {
  const context = args.contextValue as Context;
  const work = new Work();
  const late = Promise.withResolvers<ExecutionResult>();
  let timer = setTimeout(() => {
    work.cut();
    context.services.log.warn(
      operationOf(args.document, args.operationName),
      'An operation took too long.',
    );
    // What is told by then is what became of it.
    timer = setTimeout(() => late.resolve({ errors: [unanswered(mostMs)] }), mostMsToEnd);
  }, mostMs);
  const cut = () => work.cut();
  const waited = isQuery(args) ? context.signal : undefined;
  waited?.addEventListener('abort', cut, { once: true });
  try {
    const result = await Promise.race([work.run(run), late.promise]);
    return work.isCut ? withReasons(result, mostMs) : result;
  } finally {
    clearTimeout(timer);
    waited?.removeEventListener('abort', cut);
  }
}

/** The same for what Yoga executes. */
export function useOperationBound(mostMs: number): Plugin {
  return {
    onExecute({ executeFn, setExecuteFn }) {
      setExecuteFn((args: ExecutionArgs) => boundedOperation(mostMs, args, () => executeFn(args)));
    },
  };
}

/** An operation that was ended has answered by then. */
export const mostMsToEnd = mostMsToEndWork + 500;

const isQuery = ({ document, operationName }: ExecutionArgs): boolean =>
  getOperationAST(document, operationName)?.operation === OperationTypeNode.QUERY;

/** Whatever failed in the database after the cut failed for it. */
function withReasons(result: ExecutionResult, mostMs: number): ExecutionResult {
  const errors = result.errors?.map((error) => {
    const { originalError: cause, nodes, path } = error;
    if (!cause || cause instanceof Refused || cause instanceof GraphQLError) return error;
    return locatedError(ended(mostMs), nodes, path);
  });
  return errors ? { ...result, errors } : result;
}

const ended = (mostMs: number): Refused =>
  refuse(
    'UNAVAILABLE',
    `The operation was ended after ${mostMs} ms, the most that one may take, and what it had under way is undone; try again, or ask for less at a time.`,
  );

function unanswered(mostMs: number): GraphQLError {
  const refusal = refuse(
    'UNAVAILABLE',
    `The operation was given up after ${mostMs} ms, the most that one may take: whether it changed anything is not known; look, then try again.`,
  );
  return locatedError(refusal, undefined);
}
