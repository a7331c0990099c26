import { textOf } from './notation.ts';

/**
 * What the caller does next: `conflict`, look again and decide anew; `transient`, try again later;
 * `invalid`, do not send this again.
 */
export type OvsdbErrorKind = 'conflict' | 'transient' | 'invalid';

/** A transaction or request that the server refused; `code` is RFC 7047's (or ovsdb-server's) name for it. */
export class OvsdbError extends Error {
  override readonly name = 'OvsdbError';
  readonly code: string;
  readonly kind: OvsdbErrorKind;
  /** Which operation of the transaction failed; null: the request as a whole, or its commit. */
  readonly operationIndex: number | null;

  constructor(code: string, details: string | null, operationIndex: number | null = null) {
    super(`OVSDB refused: ${code}${details ? ` (${details})` : ''}.`);
    this.code = code;
    this.kind = kindOf(code);
    this.operationIndex = operationIndex;
  }
}

/** There is no connection, or it ended before the answer came: the request may or may not have been done. */
export class OvsdbUnavailableError extends Error {
  override readonly name = 'OvsdbUnavailableError';
  readonly kind: OvsdbErrorKind = 'transient';
}

/** Names from RFC 7047 §4.1.3 and §5.2, and those that ovsdb-server adds. */
function kindOf(code: string): OvsdbErrorKind {
  switch (code) {
    case 'timed out': // A guard: the row is no longer what was read.
    case 'aborted':
    case 'not owner':
      return 'conflict';
    case 'resources exhausted':
    case 'I/O error':
    case 'canceled':
    case 'not leader':
    case 'database not available':
      return 'transient';
    default:
      return 'invalid';
  }
}

/** RFC 7047 §3.1 `<error>`; an unknown method gets a bare string (JSON-RPC 1.0 leaves it open). */
export function toError(error: unknown, operationIndex: number | null = null): OvsdbError {
  if (typeof error === 'object' && error !== null && 'error' in error) {
    const details = 'details' in error ? textOf(error.details) : null;
    return new OvsdbError(textOf(error.error), details, operationIndex);
  }
  return new OvsdbError(textOf(error), null, operationIndex);
}
