import type { AuditEntry } from '../entities/AuditEntry.ts';
import { listAuditLog } from '../services/auditLog.ts';
import { builder } from './builder.ts';
import type { ListOrder } from './listCursor.ts';
import { connectionOf, pageOf } from './paging.ts';

const AuditEntryRef = builder.objectRef<AuditEntry>('AuditEntry').implement({
  description: 'Who changed what, or was refused, when and from where. Never holds a secret.',
  fields: (t) => ({
    id: t.expose('id', {
      type: 'Counter',
      description: 'Its number: a later entry has a greater.',
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
    actor: t.exposeString('actor', {
      description:
        "The caller's role and subject: a token's id, an identity provider's subject, or a part of the server.",
    }),
    address: t.exposeString('address', {
      nullable: true,
      description:
        "The network address that asked, behind a proxy the proxy's; null for a part of the server and for its command line.",
    }),
    action: t.exposeString('action', {
      description: 'What was done or refused, as qosRule.updated or port.claimRefused.',
    }),
    objectId: t.exposeString('objectId', { description: 'To which object: its id, or a host.' }),
    tenantId: t.exposeString('tenantId', { nullable: true, description: 'Whose object it is.' }),
    before: t.expose('before', {
      type: 'JSONObject',
      nullable: true,
      description: 'The object as it was; null where it is new.',
    }),
    after: t.expose('after', {
      type: 'JSONObject',
      nullable: true,
      description: 'The object as it became; null where it is gone.',
    }),
  }),
});

const AuditFilter = builder.inputType('AuditFilter', {
  description:
    'Every field that is given must hold; a list holds if one of its values does. At most 500 values a list.',
  fields: (t) => ({
    objectId: t.stringList({ description: 'About one of these objects.' }),
    actor: t.stringList({ description: 'By one of these, each as `actor` has it.' }),
    action: t.stringList({ description: 'One of these actions.' }),
    tenantId: t.stringList({ description: "About one of these tenants' objects." }),
    since: t.field({ type: 'DateTime', description: 'At that instant or later.' }),
    until: t.field({ type: 'DateTime', description: 'Before that instant.' }),
  }),
});

const AuditEntryConnection = builder.connectionObject(
  { type: AuditEntryRef, name: 'AuditEntryConnection', description: 'A page of the audit log.' },
  { name: 'AuditEntryEdge', description: 'An entry in a page.' },
);

const order: ListOrder = [['id', 'bigint']];

builder.queryField('auditLog', (t) =>
  t.connection(
    {
      type: AuditEntryRef,
      description:
        'Who changed what, newest first, as long as the server keeps it. Administrators only.',
      args: { filter: t.arg({ type: AuditFilter, description: 'Which; all without it.' }) },
      resolve: async (_root, { filter, ...page }, { services, actor }, info) =>
        connectionOf(
          await listAuditLog(services, actor, filter ?? {}, pageOf(page, order, info)),
          order,
        ),
    },
    AuditEntryConnection,
  ),
);
