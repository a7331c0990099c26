import { type DocumentNode, type ExecutionArgs, getOperationAST, Kind } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Tracing } from '../../lib/tracing.ts';
import type { Context } from '../graphql/context.ts';

/**
 * Runs an operation as the server's part of a trace: the caller's, where it named one, else one that begins here.
 * What agents say by themselves, thousands of times a second, begins none.
 */
export function tracedOperation<T>(
  tracing: Tracing,
  args: ExecutionArgs,
  run: () => Promise<T>,
): Promise<T> {
  const { actor, traceparent: parent } = args.contextValue as Context;
  if (actor.role === 'agent' && parent === undefined) return run();
  const { operation, field } = operationOf(args.document, args.operationName);
  const attributes = { 'graphql.operation.type': operation, 'sluice.role': actor.role };
  return tracing.run(`${operation} ${field}`, { parent, kind: 'server', attributes }, run);
}

/** The same for what Yoga executes. */
export function useTracing(tracing: Tracing): Plugin {
  return {
    onExecute({ executeFn, setExecuteFn }) {
      setExecuteFn((args: ExecutionArgs) =>
        tracedOperation(tracing, args, async () => executeFn(args)),
      );
    },
  };
}

/** By a field of the schema, never by the name that a client gives: those are without bound. */
export function operationOf(
  document: DocumentNode,
  operationName: string | null | undefined,
): { readonly operation: string; readonly field: string } {
  const found = getOperationAST(document, operationName);
  const first = found?.selectionSet.selections.find(({ kind }) => kind === Kind.FIELD);
  return {
    operation: found?.operation ?? 'unknown',
    field: first?.kind === Kind.FIELD ? first.name.value : '',
  };
}
