import type { ListCredentialsQuery } from '../../schema/generated/graphql.ts';
import type { Column, View } from '../output/column.ts';
import { ageOf, timeLeft } from '../output/words.ts';

type Credential = ListCredentialsQuery['agentCredentials']['nodes'][number];

const field = (
  key: keyof Credential,
  more: Partial<Column<Credential>> = {},
): Column<Credential> => ({ key, value: (credential) => credential[key], ...more });

export const credentialView: View<Credential> = {
  columns: [
    field('id'),
    field('host', { shrinksTo: 12 }),
    field('enrolledAt'),
    field('renewedAt'),
    field('expiresAt'),
    field('revokedAt'),
    field('revokedReason', { shrinksTo: 20, droppable: true }),
    {
      key: 'state',
      value: stateOf,
      style: (credential) => styles[stateOf(credential)],
    },
    { key: 'enrolled', value: ({ enrolledAt }) => `${ageOf(enrolledAt)} ago`, human: true },
    {
      key: 'renewed',
      value: ({ renewedAt }) => renewedAt && `${ageOf(renewedAt)} ago`,
      human: true,
    },
    {
      key: 'ends',
      value: (credential) =>
        stateOf(credential) === 'valid' ? `in ${timeLeft(credential.expiresAt)}` : null,
      human: true,
    },
  ],
  table: ['id', 'host', 'state', 'enrolled', 'renewed', 'ends', 'revokedReason'],
};

const styles = { valid: 'green', expired: 'yellow', revoked: 'red' } as const;

function stateOf({ revokedAt, expiresAt }: Credential): 'valid' | 'expired' | 'revoked' {
  if (revokedAt !== null) return 'revoked';
  return Date.parse(expiresAt) <= Date.now() ? 'expired' : 'valid';
}
