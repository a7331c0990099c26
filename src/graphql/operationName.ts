import { type DocumentNode, getOperationAST, Kind } from 'graphql';
import type { Fault } from '../domain/errors.ts';

/** Why it is not clear which operation of the document to run; undefined where it is. */
export function operationFault(
  document: DocumentNode,
  operationName: string | null | undefined,
): Fault | undefined {
  if (getOperationAST(document, operationName)) return undefined;
  const names = document.definitions
    .filter((node) => node.kind === Kind.OPERATION_DEFINITION)
    .map(({ name }) => name?.value ?? '(without a name)');
  const message =
    names.length === 0
      ? 'The document must hold an operation.'
      : `operationName must name one of the document's operations: ${names.join(', ')}.`;
  return { code: 'BAD_USER_INPUT', message };
}
