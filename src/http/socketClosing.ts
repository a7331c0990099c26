import { Refused } from '../domain/errors.ts';

// graphql-ws, PROTOCOL.md, and RFC 6455 §7.4.1.
export const closeCodes = {
  unauthorized: 4401,
  tryAgainLater: 1013,
  serviceRestart: 1012,
  internal: 1011,
  policy: 1008,
};

/** The code by which the client knows whether to come back, with another token, soon, or as after any failure; and why. */
export function closingOf(error: unknown): [code: number, reason: string] {
  if (!(error instanceof Refused)) return [closeCodes.internal, 'Internal server error'];
  const unauthorized = error.faults.some(({ code }) => code === 'UNAUTHENTICATED');
  const code = unauthorized ? closeCodes.unauthorized : closeCodes.tryAgainLater;
  return [code, closeReason(error.message)];
}

/** RFC 6455 §5.5: a control frame carries 125 bytes, two of them the code. */
const reasonBytes = 123;

/** A sentence as far as a close has room for it. */
export function closeReason(sentence: string): string {
  if (Buffer.byteLength(sentence) <= reasonBytes) return sentence;
  const room = new Uint8Array(reasonBytes - Buffer.byteLength('…'));
  const { read } = new TextEncoder().encodeInto(sentence, room);
  return `${sentence.slice(0, read)}…`;
}
