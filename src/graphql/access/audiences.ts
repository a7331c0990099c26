import type { Role } from '../../domain/actor.ts';

/** For whom a field is, by the role in the credential, and what the others get there. Which objects they reach, the services decide. */
export interface Audience {
  readonly roles: readonly Role[];
  readonly others: 'refused' | 'null';
}

const only = (...roles: Role[]): Audience => ({ roles, others: 'refused' });

export const audiences = {
  anyone: only('admin', 'member', 'reader', 'agent'),
  /** Who is let to the object, by the field that leads there: nothing is asked again, and nothing costs. */
  whoeverSeesIt: only('admin', 'member', 'reader', 'agent'),
  readers: only('admin', 'member', 'reader'),
  writers: only('admin', 'member'),
  administrators: only('admin'),
  agents: only('agent'),
  feedReaders: only('admin', 'agent'),
  administratorsElseNull: { roles: ['admin'], others: 'null' },
} as const satisfies Record<string, Audience>;

export type AudienceName = keyof typeof audiences;

/** Each type's fields, by whom they are for. */
export type Rules = Readonly<
  Record<string, { readonly [A in AudienceName]?: readonly string[] } | undefined>
>;
