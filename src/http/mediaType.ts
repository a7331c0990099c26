import { GraphQLError } from 'graphql';

const json = /^application\/(graphql\+)?json *(; *charset="?utf-8"?)?$/i;

/**
 * Refuses a body that is not JSON as it is: what forms send, what would have to be unpacked first, and text in
 * any encoding but UTF-8 (RFC 8259 §8.1), which would be read as something else than it says.
 */
export function checkMediaType(headers: Headers): void {
  const type = headers.get('content-type') ?? '';
  const encoding = headers.get('content-encoding');
  if (json.test(type) && encoding === null) return;
  const found = encoding === null ? `"${type}"` : `packed by ${encoding}`;
  throw new GraphQLError(`The body must be application/json in UTF-8, not ${found}.`, {
    extensions: { http: { status: 415 } },
  });
}
