import { getQosRule, listQosRules, type QosRuleOrder } from '../services/qosRuleList.ts';
import { builder } from './builder.ts';
import { BindingStatusEnum, DirectionEnum, OrderDirectionEnum } from './enums.ts';
import type { ListOrder } from './listCursor.ts';
import { connectionOf, pageOf } from './paging.ts';
import { QosRuleRef } from './qosRule.ts';

export const QosRuleFilterInput = builder.inputType('QosRuleFilter', {
  description:
    'Every field that is given must hold; a list holds if one of its values does. At most 500 values a list.',
  fields: (t) => ({
    id: t.field({ type: ['UUID'], description: 'One of these rules.' }),
    tenantId: t.stringList({ description: 'Of one of these tenants.' }),
    networkId: t.field({ type: ['UUID'], description: 'On one of these networks.' }),
    portId: t.field({ type: ['UUID'], description: 'For one of these ports.' }),
    direction: t.field({ type: DirectionEnum, description: 'For this direction.' }),
    host: t.stringList({ description: 'To be enforced on one of these hosts.' }),
    status: t.field({
      type: [BindingStatusEnum],
      description: 'With one of these statuses there, or on any host.',
    }),
  }),
});

const orderKeys = {
  CREATED_AT: ['createdAt', 'instant'],
  UPDATED_AT: ['updatedAt', 'instant'],
  TENANT_ID: ['tenantId', 'text'],
  NETWORK_ID: ['networkId', 'uuid'],
  PORT_ID: ['portId', 'uuid'],
  MAX_KBPS: ['maxKbps', 'integer'],
} as const satisfies Record<QosRuleOrder['field'], ListOrder[number]>;

const QosRuleOrderFieldEnum = builder.enumType('QosRuleOrderField', {
  description: 'What rules can be sorted by.',
  values: {
    CREATED_AT: { description: 'When the rule was made.' },
    UPDATED_AT: { description: 'When it last changed.' },
    TENANT_ID: { description: 'Whose rule it is.' },
    NETWORK_ID: { description: "The port's network." },
    PORT_ID: { description: 'The port.' },
    MAX_KBPS: { description: 'The limit in kilobits per second.' },
  } as const,
});

const QosRuleOrderInput = builder.inputType('QosRuleOrder', {
  description: 'One sort key. Rules that are equal by all keys stand in order of id.',
  fields: (t) => ({
    field: t.field({ type: QosRuleOrderFieldEnum, required: true, description: 'Sort by this.' }),
    direction: t.field({
      type: OrderDirectionEnum,
      required: true,
      defaultValue: 'ASC',
      description: 'This way.',
    }),
  }),
});

const QosRuleConnection = builder.connectionObject(
  { type: QosRuleRef, name: 'QosRuleConnection', description: 'A page of rules.' },
  { name: 'QosRuleEdge', description: 'A rule in a page.' },
);

builder.queryFields((t) => ({
  qosRule: t.field({
    type: QosRuleRef,
    nullable: true,
    description: 'One rule; null where there is none that the caller may see.',
    args: { id: t.arg({ type: 'UUID', required: true, description: "The rule's id." }) },
    resolve: (_root, { id }, { services, actor }) => getQosRule(services, actor, id),
  }),
  qosRules: t.connection(
    {
      type: QosRuleRef,
      description: 'The rules that the caller may see; unsorted, in the order they were made.',
      args: {
        filter: t.arg({ type: QosRuleFilterInput, description: 'Which rules; all without it.' }),
        orderBy: t.arg({
          type: [QosRuleOrderInput],
          description: 'Sort keys, the first counts most.',
        }),
      },
      resolve: async (_root, { filter, orderBy, ...page }, { services, actor }, info) => {
        const keys = ruleOrder(orderBy ?? []);
        const rules = await listQosRules(
          services,
          actor,
          filter ?? {},
          orderBy ?? [],
          pageOf(page, keys, info),
        );
        return connectionOf(rules, keys);
      },
    },
    QosRuleConnection,
  ),
}));

/** The keys of the cursors: those asked for, else when it was made; then the id. */
function ruleOrder(orderBy: readonly QosRuleOrder[]): ListOrder {
  const fields = orderBy.length > 0 ? orderBy.map(({ field }) => field) : (['CREATED_AT'] as const);
  return [...fields.map((field) => orderKeys[field]), ['id', 'uuid']];
}
