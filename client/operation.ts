import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { DocumentNode } from 'graphql';
// Not from 'graphql' itself, which loads an executor and a validator that no client needs.
import { print } from 'graphql/language/printer.js';

/** One of the generated documents, or GraphQL as text. */
export type Document<Result, Variables> = TypedDocumentNode<Result, Variables> | string;

export interface Operation {
  readonly query: string;
  readonly name: string;
  /** Asked twice, it changes nothing. */
  readonly isQuery: boolean;
}

export function operationOf(document: Document<unknown, never>): Operation {
  if (typeof document === 'string') return ofText(document);
  const { operation, name } = definitionOf(document);
  return { query: print(document), name: name?.value ?? '', isQuery: operation === 'query' };
}

function definitionOf(document: DocumentNode) {
  for (const node of document.definitions) {
    if (node.kind === 'OperationDefinition') return node;
  }
  throw new Error('The document has no operation.');
}

/** Not parsed: what cannot be told to be a query is taken for a change. */
function ofText(query: string): Operation {
  const text = query.replace(/#.*$/gm, '').trimStart();
  const head = /^(?<kind>query|mutation|subscription)\b\s*(?<name>\w*)/.exec(text)?.groups;
  const isQuery = text.startsWith('{') || (head?.kind === 'query' && !/\bmutation\b/.test(text));
  return { query, name: head?.name ?? '', isQuery };
}
