import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLError,
  getOperationAST,
  type OperationTypeNode,
} from 'graphql';
import { faultError } from '../graphql/errors.ts';
import { operationFault } from '../graphql/operationName.ts';
import type { Transport, Yoga } from './yoga.ts';

/** What a client asks, in whatever envelope. */
export interface OperationRequest {
  readonly query: string;
  readonly operationName: string | null;
  readonly variables: Record<string, unknown> | null;
}

/** A valid operation, ready to run on Yoga's engine with all of its plugins. */
export interface Operation {
  readonly type: OperationTypeNode;
  readonly args: ExecutionArgs;
  readonly execute: (args: ExecutionArgs) => ExecutionResult | Promise<ExecutionResult>;
  readonly subscribe: ReturnType<Yoga['getEnveloped']>['subscribe'];
}

/** What to run, or what is wrong with it. Throws what its parsing refuses. */
export async function prepareOperation(
  yoga: Yoga,
  transport: Transport,
  { query, operationName, variables }: OperationRequest,
): Promise<Operation | readonly GraphQLError[]> {
  const engine = yoga.getEnveloped(transport);
  const document: DocumentNode = engine.parse(query);
  const errors: readonly GraphQLError[] = engine.validate(engine.schema, document);
  if (errors.length > 0) return errors;
  const fault = operationFault(document, operationName);
  if (fault) return [faultError(fault)];
  const { schema, execute, subscribe } = engine;
  const contextValue = await engine.contextFactory();
  const args = { schema, document, operationName, variableValues: variables, contextValue };
  const type = getOperationAST(document, operationName)?.operation as OperationTypeNode;
  return { type, args, execute, subscribe };
}
