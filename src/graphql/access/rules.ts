import type { Rules } from './audiences.ts';

/**
 * Who may use each field of the API: the schema is not built while one is missing here. A query, mutation or
 * subscription leads to the caller's own objects and no others: a tenant's, of its host an agent's. What is
 * open to `whoeverSeesIt` is therefore open to a tenant; what a tenant must not know of the operators' hosts
 * and of its neighbours is not.
 */
export const rules: Rules = {
  Query: {
    anyone: ['extension'],
    readers: [
      ...['agent', 'agents', 'port', 'ports', 'qosAgentBindings', 'qosRule', 'qosRules'],
      'tenantQuota',
    ],
    administrators: ['agentCredentials', 'auditLog', 'tenantQuotas'],
    feedReaders: ['hostQos'],
  },
  Mutation: {
    writers: ['applyQosRules', 'createQosRule', 'deleteQosRule', 'updateQosRule'],
    administrators: [
      'bindPort',
      'createEnrolmentToken',
      'deleteAgent',
      'deleteTenantQuota',
      'revokeCredential',
      'setTenantQuota',
      'unbindPort',
      'updateAgent',
    ],
    agents: ['agentHeartbeat', 'renewCredential', 'reportPorts', 'reportQos', 'reportUsage'],
  },
  Subscription: {
    readers: ['agentEvents', 'qosRuleEvents'],
    feedReaders: ['hostQosChanges'],
  },

  QosRule: {
    whoeverSeesIt: [
      ...['id', 'tenantId', 'networkId', 'portId', 'direction', 'description', 'bindings'],
      ...['maxKbps', 'maxBurstKbps', 'maxKpps', 'maxBurstKpps', 'minKbps', 'dscpMark'],
      ...['version', 'createdAt', 'updatedAt'],
    ],
  },
  // Where a limit is, and whether it holds there: its tenant has to know the host.
  QosAgentBinding: {
    whoeverSeesIt: [
      ...['portId', 'direction', 'host', 'ruleId', 'rule', 'agent', 'status', 'stale'],
      ...['message', 'programmed', 'requestedAt', 'appliedAt', 'usage'],
    ],
  },
  ProgrammedLimit: {
    whoeverSeesIt: [
      ...['mechanism', 'maxKbps', 'maxBurstKbps', 'maxKpps', 'maxBurstKpps', 'minKbps', 'dscpMark'],
    ],
  },
  Usage: {
    whoeverSeesIt: ['bytes', 'packets', 'droppedBytes', 'droppedPackets', 'since', 'at'],
  },
  Port: { whoeverSeesIt: ['id', 'tenantId', 'networkId', 'name', 'bindings', 'rules'] },
  PortBinding: {
    whoeverSeesIt: [
      ...['portId', 'host', 'bound', 'plugged', 'removed', 'settled', 'removalFault'],
      ...['claimedFrom', 'interfaceName', 'boundAt'],
    ],
  },

  // What bears on the rules there. Not what a host is made of, how far it is with others' rules, nor notes about it.
  Agent: {
    whoeverSeesIt: [
      ...['id', 'agentType', 'binary', 'host', 'version', 'adminStateUp', 'alive', 'connected'],
      ...['createdAt', 'startedAt', 'heartbeatAt'],
    ],
    readers: ['bindings'],
    administratorsElseNull: ['description', 'configurations', 'desired', 'confirmed'],
  },

  HostQosChange: {
    whoeverSeesIt: ['from', 'to', 'more', 'adminStateUp', 'ports', 'traceparent'],
  },
  PortQos: { whoeverSeesIt: ['portId', 'egress', 'ingress'] },
  PortLimit: {
    whoeverSeesIt: [
      ...['ruleId', 'ruleVersion', 'minKbps', 'dscpMark'],
      ...['maxKbps', 'maxBurstKbps', 'maxKpps', 'maxBurstKpps'],
    ],
  },

  // Asked again here: no field that leads to them may open them by mistake.
  AuditEntry: {
    administrators: [
      ...['id', 'at', 'actor', 'address', 'action', 'objectId', 'tenantId', 'before', 'after'],
    ],
  },
  TenantQuota: { whoeverSeesIt: ['tenantId', 'maxRules', 'usedRules', 'isDefault'] },
  AgentCredential: {
    administrators: [
      ...['id', 'host', 'enrolledAt', 'renewedAt', 'expiresAt', 'revokedAt', 'revokedReason'],
    ],
  },

  Extension: {
    whoeverSeesIt: [
      ...['name', 'alias', 'description', 'namespace', 'updated', 'version', 'drivers'],
    ],
  },
  DriverSupport: { whoeverSeesIt: ['driver', 'fields'] },
  FieldSupport: { whoeverSeesIt: ['field', 'directions', 'minimum', 'maximum', 'values'] },

  QosRuleEvent: { whoeverSeesIt: ['type', 'qosRuleId', 'qosRule'] },
  AgentEvent: { whoeverSeesIt: ['type', 'agentId', 'agent'] },

  CreateQosRulePayload: { whoeverSeesIt: ['qosRule'] },
  UpdateQosRulePayload: { whoeverSeesIt: ['qosRule'] },
  DeleteQosRulePayload: { whoeverSeesIt: ['deletedId'] },
  ApplyQosRulesPayload: {
    whoeverSeesIt: ['created', 'updated', 'unchanged', 'deleted', 'qosRules'],
  },
  BindPortPayload: { whoeverSeesIt: ['port'] },
  UnbindPortPayload: { whoeverSeesIt: ['port'] },
  UpdateAgentPayload: { whoeverSeesIt: ['agent'] },
  DeleteAgentPayload: { whoeverSeesIt: ['deletedId'] },
  SetTenantQuotaPayload: { whoeverSeesIt: ['tenantQuota'] },
  DeleteTenantQuotaPayload: { whoeverSeesIt: ['tenantQuota'] },
  CreateEnrolmentTokenPayload: { whoeverSeesIt: ['id', 'token', 'expiresAt'] },
  RevokeCredentialPayload: { whoeverSeesIt: ['revokedId'] },
  RenewCredentialPayload: { whoeverSeesIt: ['token', 'lifetimeMs'] },
  AgentHeartbeatPayload: { whoeverSeesIt: ['agent', 'desired', 'intervalMs'] },
  ReportPortsPayload: { whoeverSeesIt: ['accepted', 'refused'] },
  RefusedPort: { whoeverSeesIt: ['portId', 'code', 'message'] },
  ReportQosPayload: { whoeverSeesIt: ['accepted'] },
  ReportUsagePayload: { whoeverSeesIt: ['accepted', 'since'] },

  // Of every list, whose entries are the caller's own, counted too.
  '…Connection': { whoeverSeesIt: ['edges', 'nodes', 'pageInfo', 'totalCount'] },
  '…Edge': { whoeverSeesIt: ['cursor', 'node'] },
  PageInfo: { whoeverSeesIt: ['hasNextPage', 'hasPreviousPage', 'startCursor', 'endCursor'] },
};
