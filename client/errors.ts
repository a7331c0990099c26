/** One error of an answer (docs/api.md, Errors). */
export interface AnswerFault {
  readonly message: string;
  /** NOT_FOUND, CONFLICT, FORBIDDEN, … */
  readonly code: string;
  /** The path of the input that is to blame; null: none is. */
  readonly field: string | null;
}

/** An error as an answer has it; the specification's other fields say where in the document. */
export interface AnswerError {
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

export function faultOf({ message, extensions }: AnswerError): AnswerFault {
  const { code, field } = extensions ?? {};
  return {
    message,
    code: typeof code === 'string' ? code : 'INTERNAL_SERVER_ERROR',
    field: typeof field === 'string' ? field : null,
  };
}

/** The server answered, and refused. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly faults: readonly AnswerFault[];

  constructor(faults: readonly AnswerFault[]) {
    super(faults.map(({ message }) => message).join(' '));
    this.faults = faults;
  }

  /** The first fault's. */
  get code(): string {
    return this.faults[0]?.code ?? 'INTERNAL_SERVER_ERROR';
  }
}

/** One server that gave no answer. */
export interface Attempt {
  readonly server: string;
  /** A clause: "connect ECONNREFUSED 127.0.0.1:4000". */
  readonly fault: string;
  /** Node's or OpenSSL's name for it: ECONNREFUSED, CERT_HAS_EXPIRED, …; empty where there is none. */
  readonly code: string;
  /** The request may have reached the server: whether a change was made, nobody can say. */
  readonly sent: boolean;
}

/** No server gave an answer that can be read. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
  readonly attempts: readonly Attempt[];

  constructor(attempts: readonly Attempt[]) {
    super(attempts.map(({ server, fault }) => `No answer from ${server}: ${fault}.`).join(' '));
    this.attempts = attempts;
  }
}

/** A subscription that worked was cut: another may follow it. */
export class SubscriptionEndedError extends Error {
  override readonly name = 'SubscriptionEndedError';
}
