import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';

/** Runs an operation over HTTP; throws with the errors that it was answered. */
export async function requestGraphql<Result, Variables>(
  { url, token, signal }: { url: string; token: string; signal?: AbortSignal },
  document: TypedDocumentNode<Result, Variables>,
  variables: Variables,
): Promise<Result> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: print(document), variables }),
    ...(signal && { signal }),
  });
  const { data, errors } = (await response.json()) as { data: Result; errors?: unknown };
  if (errors) throw new Error(`The server answered ${JSON.stringify(errors)}`);
  return data;
}
