import {
  type ExecutionArgs,
  type GraphQLError,
  getOperationAST,
  type OperationDefinitionNode,
  type OperationTypeNode,
} from 'graphql';
import type { Context } from '../graphql/context.ts';
import { costOf } from '../graphql/cost.ts';
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
  readonly cost: number;
}

/** What to run, or what is wrong with it. Throws what its parsing refuses. */
export function prepareOperation(
  engine: Engine,
  contextValue: Context,
  { query, operationName, variables }: OperationRequest,
): Operation | readonly GraphQLError[] {
  const document = engine.read(query, contextValue.actor.role);
  if (!('kind' in document)) return document;
  const fault = operationFault(document, operationName);
  if (fault) return [faultError(fault)];
  const operation = getOperationAST(document, operationName) as OperationDefinitionNode;
  const { cost, fault: tooMuch } = costOf(schema, document, operation, variables);
  if (tooMuch !== undefined) return [faultError({ code: 'BAD_USER_INPUT', message: tooMuch })];
  const args = { schema, document, operationName, variableValues: variables, contextValue };
  return { type: operation.operation, args, cost };
}
