import type { GraphQLFormattedError } from 'graphql';
import { CloseCode } from 'graphql-ws/client';

/** The socket is gone. `code` is its close code (RFC 6455 §7.4, and graphql-transport-ws for 4400 and above). */
export class SessionEnded extends Error {
  override readonly name = 'SessionEnded';
  readonly code: number;

  constructor(code: number, reason: string) {
    super(reason || `The connection was closed with code ${code}.`);
    this.code = code;
  }
}

/** The server answered, with errors: the first of them. `code` is the schema's extensions.code. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError';
  readonly code: string;

  constructor(errors: readonly GraphQLFormattedError[]) {
    super(errors[0]?.message ?? 'The server answered with an error that says nothing.');
    this.code = String(errors[0]?.extensions?.code ?? 'INTERNAL_SERVER_ERROR');
  }
}

const refusingCloseCodes: readonly number[] = [CloseCode.Unauthorized, CloseCode.Forbidden];
const refusingCodes: readonly string[] = ['UNAUTHENTICATED', 'FORBIDDEN'];

// RFC 6455 §7.4.1 and IANA's registry: Service Restart.
const serviceRestart = 1012;

/** The server stops, and told its agents one by one: each may turn to another server at once. */
export function isServerLeaving(error: unknown): boolean {
  return error instanceof SessionEnded && error.code === serviceRestart;
}

/** True when trying again helps only once somebody has given the agent another credential. */
export function isRefusal(error: unknown): boolean {
  if (error instanceof SessionEnded) return refusingCloseCodes.includes(error.code);
  return error instanceof AnswerError && refusingCodes.includes(error.code);
}

/** What ws and graphql-ws hand out as an error, in words: events too, whose message may be empty. */
export function describeFault(error: unknown): string {
  const {
    message,
    error: cause,
    code,
  } = error as { message?: string; error?: unknown; code?: string };
  if (message) return message;
  return cause ? describeFault(cause) : (code ?? String(error));
}
