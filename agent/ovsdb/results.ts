import { toError } from './errors.ts';
import { integer, NotationError, uuid } from './notation.ts';
import { asArray, asObject } from './table.ts';

/** What one operation of a transaction answered (RFC 7047 §5.2). */
export interface OperationResult {
  readonly count?: number;
  readonly uuid?: readonly ['uuid', string];
  readonly rows?: readonly Readonly<Record<string, unknown>>[];
}

/**
 * What the operations answered, without the guards before them. An answer beyond the last operation is
 * about the commit as a whole (RFC 7047 §4.1.3).
 */
export function resultsOf(answer: unknown, guards: number, operations: number): OperationResult[] {
  const results = asArray(answer).map((result) => (result === null ? {} : asObject(result)));
  for (const [index, result] of results.entries()) {
    if (Object.hasOwn(result, 'error')) {
      const operation = index - guards;
      throw toError(result, operation >= 0 && operation < operations ? operation : null);
    }
  }
  if (results.length < guards + operations)
    throw new NotationError(`${operations} results`, answer);
  return results.slice(guards).map(resultOf);
}

function resultOf(json: Readonly<Record<string, unknown>>): OperationResult {
  const has = (name: string) => Object.hasOwn(json, name);
  return {
    ...(has('count') && { count: integer.decode(json.count) }),
    ...(has('uuid') && { uuid: ['uuid', uuid.decode(json.uuid)] }),
    ...(has('rows') && { rows: asArray(json.rows).map(asObject) }),
  };
}
