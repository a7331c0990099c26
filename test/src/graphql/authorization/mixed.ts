import type { Side } from './side.ts';

const apply = (rules: string, more = '') =>
  `mutation { applyQosRules(input: { rules: [${rules}]${more} }) { created qosRules { id } } }`;

/** Lists with an own object among them; `free` is a port of the caller's own, without a rule. */
export const mixed: readonly [
  name: string,
  textFor: (about: Side, own: Side, free: string) => string,
][] = [
  [
    'rules to apply',
    ({ portId }, _own, free) =>
      apply(`{ portId: "${free}", maxKbps: 1 }, { portId: "${portId}", maxKbps: 1 }`),
  ],
  [
    'rules to apply on a network',
    ({ portId, networkId }, _own, free) =>
      apply(
        `{ portId: "${free}", maxKbps: 1 }, { portId: "${portId}", networkId: "${networkId}", maxKbps: 1 }`,
      ),
  ],
  [
    'rules to apply that replace all others',
    ({ portId, networkId }, _own, free) =>
      apply(
        `{ portId: "${free}", maxKbps: 1 }, { portId: "${portId}", maxKbps: 1 }`,
        `, prune: true, pruneNetworkIds: ["${networkId}"]`,
      ),
  ],
  [
    'a list of rules',
    ({ ruleId }, own) =>
      `{ qosRules(filter: { id: ["${ruleId}", "${own.ruleId}"] }) { totalCount nodes { tenantId } } }`,
  ],
  [
    'a list by tenants',
    ({ tenant }, own) =>
      `{ qosRules(filter: { tenantId: ["${tenant}", "${own.tenant}"], portId: ["${own.portId}"] }) { totalCount nodes { tenantId } } }`,
  ],
  [
    'a list of ports',
    ({ portId }, own) =>
      `{ ports(filter: { id: ["${portId}", "${own.portId}"] }) { totalCount nodes { tenantId } } }`,
  ],
  [
    'a list of bindings',
    ({ ruleId }, own) =>
      `{ qosAgentBindings(filter: { qosRuleId: ["${ruleId}", "${own.ruleId}"] }) { totalCount nodes { rule { tenantId } } } }`,
  ],
  [
    'a list of agents',
    ({ host }, own) =>
      `{ agents(filter: { host: ["${host}", "${own.host}"] }) { totalCount nodes { host bindings { nodes { rule { tenantId } } } } } }`,
  ],
];
