/** The codes of the contract (`extensions.code`) that a service may answer with. */
export type ErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'BAD_USER_INPUT'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'LIMIT_EXCEEDED'
  | 'UNAVAILABLE';

/** One thing wrong with a request: the code, a sentence for its sender, and the input field to blame, if one is. */
export interface Fault {
  readonly code: ErrorCode;
  readonly message: string;
  /** Path in the input, as GraphQL prints it: `maxKbps`, `rules[3].dscpMark`. */
  readonly field?: string;
  /** Worth trying again after so long. */
  readonly retryAfterS?: number;
}

/** Refuses a request, naming every fault found. Whoever throws it has changed nothing. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super(faults.map((fault) => fault.message).join(' '));
    this.faults = faults;
  }
}

export const refuse = (code: ErrorCode, message: string, field?: string): Refused =>
  new Refused([field === undefined ? { code, message } : { code, message, field }]);

/** Too much was asked for within a time; the same may be asked again after this one. */
export const refuseUntil = (message: string, retryAfterS: number): Refused =>
  new Refused([{ code: 'LIMIT_EXCEEDED', message, retryAfterS }]);

export const badInput = (field: string, message: string): Refused =>
  refuse('BAD_USER_INPUT', message, field);

/** A foreign tenant's object gets the same answer as one that never was (contract, errors). */
export const notFound = (what: string, id: string, field?: string): Refused =>
  refuse('NOT_FOUND', `There is no ${what} ${id}.`, field);

export const conflict = (message: string, field?: string): Refused =>
  refuse('CONFLICT', message, field);

export const forbidden = (message: string, field?: string): Refused =>
  refuse('FORBIDDEN', message, field);

/** Throws when any fault was found. */
export function refuseIfAny(faults: readonly Fault[]): void {
  if (faults.length > 0) throw new Refused(faults);
}
