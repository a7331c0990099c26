import type { AgentCredential } from '../entities/AgentCredential.ts';
import {
  listCredentials,
  renewCredential,
  revokeCredential,
} from '../services/agentCredentials.ts';
import {
  createEnrolmentToken,
  type EnrolmentToken,
  type IssuedCredential,
} from '../services/enrolment.ts';
import { builder } from './builder.ts';
import type { ListOrder } from './listCursor.ts';
import { connectionOf, pageOf } from './paging.ts';

const AgentCredentialRef = builder.objectRef<AgentCredential>('AgentCredential').implement({
  description:
    "What an enrolled host's agent comes in with: one credential, whose token is renewed again and again. Never the token itself.",
  fields: (t) => ({
    id: t.expose('id', { type: 'UUID', description: 'Its id: pass it to revokeCredential.' }),
    host: t.exposeString('host', { description: 'The host that it reaches.' }),
    enrolledAt: t.expose('enrolledAt', {
      type: 'DateTime',
      description: 'When the host enrolled.',
    }),
    renewedAt: t.expose('renewedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was renewed last.',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: 'When it ends unless renewed.',
    }),
    revokedAt: t.expose('revokedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was revoked; null: it was not.',
    }),
    revokedReason: t.exposeString('revokedReason', {
      nullable: true,
      description: 'Why: an administrator, or a copy that was found out.',
    }),
  }),
});

const AgentCredentialFilter = builder.inputType('AgentCredentialFilter', {
  description: 'Every field that is given must hold.',
  fields: (t) => ({ host: t.stringList({ description: 'Of one of these hosts.' }) }),
});

const AgentCredentialConnection = builder.connectionObject(
  {
    type: AgentCredentialRef,
    name: 'AgentCredentialConnection',
    description: 'A page of credentials.',
  },
  { name: 'AgentCredentialEdge', description: 'A credential in a page.' },
);

const order: ListOrder = [
  ['host', 'text'],
  ['id', 'uuid'],
];

builder.queryField('agentCredentials', (t) =>
  t.connection(
    {
      type: AgentCredentialRef,
      description: "Enrolled hosts' credentials, by host. Administrators only.",
      args: {
        filter: t.arg({ type: AgentCredentialFilter, description: 'Which; all without it.' }),
      },
      resolve: async (_root, { filter, ...page }, { services, actor }, info) =>
        connectionOf(
          await listCredentials(services, actor, filter?.host, pageOf(page, order, info)),
          order,
        ),
    },
    AgentCredentialConnection,
  ),
);

const CreateEnrolmentTokenInput = builder.inputType('CreateEnrolmentTokenInput', {
  description: 'Which host may enrol.',
  fields: (t) => ({
    host: t.string({ required: true, description: 'The host: the token enrols no other.' }),
    expiresInSeconds: t.int({ description: 'How long it holds: 1 to 3600, default 3600.' }),
  }),
});

const CreateEnrolmentTokenPayload = builder
  .objectRef<EnrolmentToken>('CreateEnrolmentTokenPayload')
  .implement({
    description: 'What createEnrolmentToken answers.',
    fields: (t) => ({
      id: t.expose('id', {
        type: 'UUID',
        description: "The token's id, by which it can be revoked.",
      }),
      token: t.exposeString('token', { description: 'The token: told this once.' }),
      expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Until when it holds.' }),
    }),
  });

const RenewCredentialPayload = builder
  .objectRef<IssuedCredential>('RenewCredentialPayload')
  .implement({
    description: 'What renewCredential answers.',
    fields: (t) => ({
      token: t.exposeString('token', {
        description:
          'The new token. Save it, and connect with it: the old one is worth nothing then.',
      }),
      lifetimeMs: t.exposeFloat('lifetimeMs', { description: 'Milliseconds that it holds.' }),
    }),
  });

const RevokeCredentialInput = builder.inputType('RevokeCredentialInput', {
  description: 'A credential to let in no more.',
  fields: (t) => ({
    id: t.string({
      required: true,
      description:
        "The id of an enrolled host's credential, of an enrolment token or of any token; or certificate: and a certificate's SHA-256 fingerprint.",
    }),
  }),
});

const RevokeCredentialPayload = builder
  .objectRef<{ readonly revokedId: string }>('RevokeCredentialPayload')
  .implement({
    description: 'What revokeCredential answers.',
    fields: (t) => ({
      revokedId: t.exposeString('revokedId', { description: 'What was revoked.' }),
    }),
  });

builder.mutationFields((t) => ({
  createEnrolmentToken: t.field({
    type: CreateEnrolmentTokenPayload,
    description: 'Makes a token by which one host enrols, once. Administrators only.',
    args: {
      input: t.arg({ type: CreateEnrolmentTokenInput, required: true, description: 'The host.' }),
    },
    resolve: (_root, { input: { host, expiresInSeconds } }, { services, actor }) =>
      createEnrolmentToken(services, actor, {
        host,
        lifetimeMs: expiresInSeconds == null ? undefined : expiresInSeconds * 1_000,
      }),
  }),
  renewCredential: t.field({
    type: RenewCredentialPayload,
    description: "Renews an enrolled host's credential. Agents only, for their own.",
    resolve: (_root, _args, { services, actor }) => renewCredential(services, actor),
  }),
  revokeCredential: t.field({
    type: RevokeCredentialPayload,
    description:
      'Lets a credential in no more; what it opened closes within seconds. Administrators only.',
    args: {
      input: t.arg({ type: RevokeCredentialInput, required: true, description: 'Which.' }),
    },
    resolve: async (_root, { input }, { services, actor }) => ({
      revokedId: await revokeCredential(services, actor, input.id),
    }),
  }),
}));
