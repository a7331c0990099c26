import type { AnswerFault } from '../../client/errors.ts';
import { UserError } from '../../lib/errors.ts';
import { exitCodes } from '../exitCodes.ts';

/** The server refused. The message is one line for each fault: the option to blame, why, and what to do next. */
export class ServerError extends UserError {
  readonly faults: readonly AnswerFault[];

  constructor(faults: readonly AnswerFault[], placeOf: (field: string) => string = optionOf) {
    super(
      faults.map((fault) => sentence(fault, placeOf)).join('\n'),
      exitCodeOf(faults[0]?.code ?? ''),
    );
    this.faults = faults;
  }
}

function sentence({ message, code, field }: AnswerFault, placeOf: (field: string) => string) {
  const place = field === null ? '' : placeOf(field);
  const next = nextSteps[code];
  return (place && `${place}: `) + message + (next ? ` ${next}` : '');
}

const nextSteps: Readonly<Record<string, string>> = {
  UNAUTHENTICATED:
    'Set SLUICE_TOKEN or --token-file; "sluice-server token create" makes a new token.',
  FORBIDDEN: 'Use a token whose role allows it.',
};

function exitCodeOf(code: string): number {
  switch (code) {
    case 'BAD_USER_INPUT':
      return exitCodes.usage;
    case 'NOT_FOUND':
      return exitCodes.notFound;
    case 'UNAUTHENTICATED':
    case 'FORBIDDEN':
      return exitCodes.notAllowed;
    case 'CONFLICT':
      return exitCodes.conflict;
    default:
      return exitCodes.failed;
  }
}

const otherNames: Readonly<Record<string, string>> = {
  first: '--limit',
  after: '--marker',
  expiresInSeconds: '--expires',
};

/**
 * The option that fills an input field: `maxKbps` is `--max-kbps`, `filter.host[2]` is `--host`. Whose id is wrong is
 * an argument: the sentence has the value.
 */
function optionOf(field: string): string {
  if (/^(input\.)?id$/.test(field)) return '';
  const name = field.replace(/\[\d+\]$/, '').replace(/^.*\./, '');
  const kebab = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return otherNames[name] ?? `--${kebab}`;
}
