import {
  type ExecutionArgs,
  type GraphQLError,
  getOperationAST,
  type OperationTypeNode,
} from 'graphql';
import type { Context } from '../graphql/context.ts';
import { faultError } from '../graphql/errors.ts';
import { operationFault } from '../graphql/operationName.ts';
import { schema } from '../graphql/schema.ts';
import type { Engine } from './engine.ts';

/** What a client asks, in whatever envelope. */
export interface OperationRequest {
  readonly query: string;
  readonly operationName: string | null;
  readonly variables: Record<string, unknown> | null;
}

/** A valid operation, ready to run. */
export interface Operation {
  readonly type: OperationTypeNode;
  readonly args: ExecutionArgs;
}

/** What to run, or what is wrong with it. Throws what its parsing refuses. */
export function prepareOperation(
  engine: Engine,
  contextValue: Context,
  { query, operationName, variables }: OperationRequest,
): Operation | readonly GraphQLError[] {
  const document = engine.read(query);
  if (!('kind' in document)) return document;
  const fault = operationFault(document, operationName);
  if (fault) return [faultError(fault)];
  const type = getOperationAST(document, operationName)?.operation as OperationTypeNode;
  const args = { schema, document, operationName, variableValues: variables, contextValue };
  return { type, args };
}
