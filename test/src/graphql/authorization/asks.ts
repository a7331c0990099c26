import type { Side } from './side.ts';

/** The arguments with which a root field is asked about a side's objects. */
type Arguments = (about: Side) => string | Promise<string>;

/**
 * How each root field is asked: first the way that the matrix has it, then every other argument that could find
 * something. An empty list: it is about no object.
 */
export const asks: Readonly<Record<string, readonly Arguments[]>> = {
  'Query.extension': [],
  'Query.qosRule': [({ ruleId }) => `id: "${ruleId}"`],
  'Query.qosRules': [
    ({ ruleId }) => `filter: { id: ["${ruleId}"] }`,
    ({ tenant }) => `filter: { tenantId: ["${tenant}"] }`,
    ({ networkId }) => `filter: { networkId: ["${networkId}"] }, last: 1`,
    ({ portId }) => `filter: { portId: ["${portId}"], direction: EGRESS }`,
    ({ host }) => `filter: { host: ["${host}"], status: [DEGRADED, PENDING] }`,
  ],
  'Query.qosAgentBindings': [
    ({ ruleId }) => `filter: { qosRuleId: ["${ruleId}"] }`,
    ({ agentId }) => `filter: { agentId: ["${agentId}"] }`,
    ({ host }) => `filter: { host: ["${host}"], status: [DEGRADED, PENDING] }`,
  ],
  'Query.port': [({ portId }) => `id: "${portId}"`],
  'Query.ports': [
    ({ portId }) => `filter: { id: ["${portId}"] }`,
    ({ tenant }) => `filter: { tenantId: ["${tenant}"] }`,
    ({ networkId }) => `filter: { networkId: ["${networkId}"] }`,
    ({ host }) => `filter: { host: ["${host}"] }, last: 1`,
  ],
  'Query.agent': [({ host }) => `host: "${host}"`, ({ agentId }) => `id: "${agentId}"`],
  'Query.agents': [
    ({ host }) => `filter: { host: ["${host}"] }`,
    ({ host }) =>
      `filter: { host: ["${host}"], alive: true, adminStateUp: true, agentType: ["t"] }`,
  ],
  'Query.hostQos': [({ host }) => `host: "${host}"`],
  'Query.auditLog': [
    ({ ruleId }) => `filter: { objectId: ["${ruleId}"] }`,
    ({ tenant }) => `filter: { tenantId: ["${tenant}"] }`,
  ],
  'Query.tenantQuota': [({ tenant }) => `tenantId: "${tenant}"`],
  'Query.tenantQuotas': [],
  'Query.agentCredentials': [({ host }) => `filter: { host: ["${host}"] }`],

  'Mutation.createQosRule': [
    async ({ newPort }) => `input: { portId: "${await newPort()}", maxKbps: 1 }`,
    ({ portId }) => `input: { portId: "${portId}", maxKbps: 1 }`,
    ({ portId, networkId }) =>
      `input: { portId: "${portId}", networkId: "${networkId}", maxKbps: 1 }`,
    ({ portId, tenant }) => `input: { portId: "${portId}", tenantId: "${tenant}", maxKbps: 1 }`,
    ({ portId }) => `input: { portId: "${portId}", direction: INGRESS, maxKbps: 0, dscpMark: 8 }`,
  ],
  'Mutation.updateQosRule': [
    async ({ newRule }) => `input: { id: "${await newRule()}", description: "B." }`,
    ({ ruleId }) => `input: { id: "${ruleId}", description: "B." }`,
    ({ ruleId }) => `input: { id: "${ruleId}", description: "A.", expectedVersion: 99 }`,
    ({ ruleId }) => `input: { id: "${ruleId}", maxKbps: 0 }`,
    ({ ruleId }) => `input: { id: "${ruleId}", maxKbps: null, expectedVersion: 99 }`,
    ({ ruleId }) => `input: { id: "${ruleId}", description: "\\u0001", maxKbps: 0 }`,
  ],
  'Mutation.deleteQosRule': [
    async ({ newRule }) => `input: { id: "${await newRule()}" }`,
    ({ ruleId }) => `input: { id: "${ruleId}", expectedVersion: 99 }`,
  ],
  'Mutation.applyQosRules': [
    async ({ newPort }) => `input: { rules: [{ portId: "${await newPort()}", maxKbps: 1 }] }`,
    ({ portId }) => `input: { rules: [{ portId: "${portId}", maxKbps: 1 }], dryRun: true }`,
    ({ portId, tenant }) =>
      `input: { tenantId: "${tenant}", rules: [{ portId: "${portId}", maxKbps: 1 }], dryRun: true }`,
    ({ portId, networkId }) =>
      `input: { rules: [{ portId: "${portId}", networkId: "${networkId}", maxKbps: 1 }], dryRun: true }`,
    ({ networkId }) =>
      `input: { rules: [], prune: true, pruneNetworkIds: ["${networkId}"], dryRun: true }`,
  ],
  'Mutation.bindPort': [
    ({ portId, host, tenant }) =>
      `input: { portId: "${portId}", host: "${host}", tenantId: "${tenant}" }`,
  ],
  'Mutation.unbindPort': [
    async ({ newPort, host }) => `input: { portId: "${await newPort()}", host: "${host}" }`,
  ],
  'Mutation.updateAgent': [({ agentId }) => `input: { id: "${agentId}", adminStateUp: true }`],
  'Mutation.deleteAgent': [
    async ({ newSilentAgent }) => `input: { id: "${await newSilentAgent()}" }`,
  ],
  'Mutation.setTenantQuota': [({ tenant }) => `input: { tenantId: "${tenant}", maxRules: 500 }`],
  'Mutation.deleteTenantQuota': [
    async ({ newQuotasTenant }) => `input: { tenantId: "${await newQuotasTenant()}" }`,
  ],
  'Mutation.createEnrolmentToken': [({ host }) => `input: { host: "${host}" }`],
  'Mutation.revokeCredential': [({ networkId }) => `input: { id: "${networkId}" }`],
  'Mutation.renewCredential': [],
  'Mutation.agentHeartbeat': [
    ({ host }) => `input: { host: "${host}", binary: "b", agentType: "t", version: "1" }`,
  ],
  'Mutation.reportPorts': [
    ({ host, neighboursPort }) =>
      `input: { host: "${host}", complete: false, plugged: [{ portId: "${neighboursPort}", interfaceName: "tap1" }] }`,
  ],
  'Mutation.reportQos': [({ host }) => `input: { host: "${host}", to: "x", results: [] }`],
  'Mutation.reportUsage': [({ host }) => `input: { host: "${host}", usage: [] }`],

  'Subscription.hostQosChanges': [({ host }) => `host: "${host}"`],
  'Subscription.qosRuleEvents': [],
  'Subscription.agentEvents': [],
};

/** By which fields below a root the types are reached that no root gives. */
export const paths: Readonly<Record<string, readonly string[]>> = {
  QosAgentBinding: ['Query.qosAgentBindings.nodes'],
  ProgrammedLimit: ['Query.qosAgentBindings.nodes.programmed'],
  Usage: ['Query.qosAgentBindings.nodes.usage'],
  PortBinding: ['Query.port.bindings'],
  Agent: ['Query.agent', 'Mutation.agentHeartbeat.agent'],
  PortQos: ['Query.hostQos.ports'],
  PortLimit: ['Query.hostQos.ports.egress'],
  AuditEntry: ['Query.auditLog.nodes'],
  AgentCredential: ['Query.agentCredentials.nodes'],
  DriverSupport: ['Query.extension.drivers'],
  FieldSupport: ['Query.extension.drivers.fields'],
  RefusedPort: ['Mutation.reportPorts.refused'],
  PageInfo: ['Query.qosRules.pageInfo'],
};
