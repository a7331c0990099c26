import {
  type Attempt,
  NoAnswerError,
  RefusedError,
  SubscriptionEndedError,
} from '../../client/errors.ts';
import { UserError } from '../../lib/errors.ts';
import { ServerError } from './serverError.ts';

/** What the client throws, in sentences for whoever typed the command. */
export function asUserError(error: unknown): unknown {
  if (error instanceof RefusedError) return new ServerError(error.faults);
  if (error instanceof NoAnswerError) return new UserError(sentences(error.attempts));
  if (error instanceof SubscriptionEndedError) return new UserError(error.message);
  return error;
}

function sentences(attempts: readonly Attempt[]): string {
  const hints = new Set(attempts.map(nextStep));
  const faults = attempts.map(sentence);
  return [...faults, ...hints].join(' ');
}

function sentence({ server, fault, code }: Attempt): string {
  return code === 'NO_GRAPHQL'
    ? `${server} answered with ${fault}.`
    : `No answer from ${server}: ${fault}.`;
}

const wrongCa = 'Does it have another certificate authority? SLUICE_CA_FILE or --ca-file names it.';
const plainOrTls =
  'One side speaks TLS and the other does not: begin the URL with the other of http:// and https://.';

const nextSteps: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: wrongCa,
  SELF_SIGNED_CERT_IN_CHAIN: wrongCa,
  UNABLE_TO_GET_ISSUER_CERT: wrongCa,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: wrongCa,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: wrongCa,
  CERT_HAS_EXPIRED:
    "Have the server's certificate renewed, and see that this machine's clock is right.",
  CERT_NOT_YET_VALID: "See that this machine's clock is right.",
  ERR_TLS_CERT_ALTNAME_INVALID:
    'Name the server as its certificate does: SLUICE_SERVER or --server.',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    'The server wants a certificate: --client-cert and --client-key name it and its key.',
  EPROTO: plainOrTls,
  ERR_SSL_WRONG_VERSION_NUMBER: plainOrTls,
  ECONNRESET:
    'Does it run, and does the URL begin as it should, http:// or https://? SLUICE_SERVER or --server says where.',
  ENOTFOUND: 'Is the name right? SLUICE_SERVER or --server says where.',
  NO_GRAPHQL: "Is that Sluice's endpoint? It ends with /graphql.",
};

function nextStep({ code }: Attempt): string {
  return nextSteps[code] ?? 'Does it run? SLUICE_SERVER or --server says where.';
}
