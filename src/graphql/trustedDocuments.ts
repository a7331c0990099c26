import agentDocuments from '../../schema/trusted/agent.json' with { type: 'json' };
import operatorDocuments from '../../schema/trusted/operator.json' with { type: 'json' };
import type { Role } from '../domain/actor.ts';
import type { Fault } from '../domain/errors.ts';

/** Whose operations must be among those that our programs ship with: `nobody` is for tests. */
export type TrustedFor = 'nobody' | 'agents' | 'everybody';

const textsOf = (documents: readonly { readonly text: string }[]): ReadonlySet<string> =>
  new Set(documents.map(({ text }) => text));
const agents = textsOf(agentDocuments);
const operators = textsOf(operatorDocuments);

/**
 * Why a document is not run with a credential of this role. An agent's runs only what agents send, this version's
 * or an earlier one's, to the letter: whoever steals one can ask nothing of his own, not even what there is to ask.
 */
export function trustFault(
  trustedFor: TrustedFor,
  role: Role,
  document: string,
): Fault | undefined {
  if (trustedFor === 'nobody') return undefined;
  if (role === 'agent') {
    return agents.has(document)
      ? undefined
      : forbiddenTo("An agent's credential runs only the documents that agents ship with.");
  }
  if (trustedFor === 'agents' || operators.has(document)) return undefined;
  return forbiddenTo(
    'This server runs only the documents that the command line ships with (SLUICE_TRUSTED_DOCUMENTS).',
  );
}

/** Whoever may ask what there is to ask may also be told what was probably meant. */
export const mayIntrospect = (trustedFor: TrustedFor, role: Role): boolean =>
  trustedFor === 'nobody' || (trustedFor === 'agents' && role !== 'agent');

const forbiddenTo = (message: string): Fault => ({ code: 'FORBIDDEN', message });
