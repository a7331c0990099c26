import type { AuthFailure } from '@pothos/plugin-scope-auth';
import { AuthScopeFailureType } from '@pothos/plugin-scope-auth';
import type { GraphQLField } from 'graphql';
import { type Refused, refuse } from '../domain/errors.ts';
import type { Context } from './context.ts';

/** Who may use a field, by the role in the credential. Which objects they reach there, the services decide. */
export const anyone = { admin: true, member: true, reader: true, agent: true } as const;
export const readers = { admin: true, member: true, reader: true } as const;
export const writers = { admin: true, member: true } as const;
export const administrators = { admin: true } as const;
export const agents = { agent: true } as const;
export const feedReaders = { admin: true, agent: true } as const;

/** The roles that a field of a root is for; undefined where nobody said. */
export function rolesOf({ extensions }: GraphQLField<unknown, unknown>): string[] | undefined {
  const { authScopes } = (extensions.pothosOptions ?? {}) as { authScopes?: object };
  return authScopes && Object.keys(authScopes);
}

/** The refusal of a field that the caller's role may not use. */
export function wrongRole(fieldName: string, { actor }: Context, failure: AuthFailure): Refused {
  const allowed = scopesOf(failure).join(' or ');
  return refuse(
    'FORBIDDEN',
    `${fieldName} needs the role ${allowed}; this credential's is ${actor.role}.`,
  );
}

function scopesOf(failure: AuthFailure): string[] {
  switch (failure.kind) {
    case AuthScopeFailureType.AuthScope:
      return [failure.scope];
    case AuthScopeFailureType.AnyAuthScopes:
    case AuthScopeFailureType.AllAuthScopes:
      return failure.failures.flatMap(scopesOf);
    default:
      return [];
  }
}
