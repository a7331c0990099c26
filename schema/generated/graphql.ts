/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
export type AgentHeartbeatInput = {
  agentType: string;
  binary: string;
  configurations?: Record<string, unknown> | null | undefined;
  confirmed?: string | null | undefined;
  host: string;
  /** True on the first heartbeat after the process started. */
  startFlag?: boolean;
  version?: string | null | undefined;
};

/** Upserts by (portId, direction) in one transaction: all or nothing. A limit left out is cleared. At most 10,000 rules. */
export type ApplyQosRulesInput = {
  /** Report what would happen, change nothing. */
  dryRun?: boolean;
  /** Also delete the tenant's other rules (only of the named networks, if given; an empty list is BAD_USER_INPUT). */
  prune?: boolean;
  pruneNetworkIds?: Array<string> | null | undefined;
  rules: Array<CreateQosRuleInput>;
  /** Whose rules these are; every rule must be of it. An administrator must name it to prune. */
  tenantId?: string | null | undefined;
};

export type BindPortInput = {
  host: string;
  name?: string | null | undefined;
  networkId?: string | null | undefined;
  portId: string;
  tenantId?: string | null | undefined;
};

export type BindingStatus =
  /** Read back from the switch after applying. */
  | 'APPLIED'
  /** Applied with a different value than asked for; `message` and `programmed` say which and why. */
  | 'DEGRADED'
  /** The agent is administratively down and has confirmed that nothing is enforced; PENDING until it has. */
  | 'DISABLED'
  /** The agent tried and could not; `message` says why. It keeps trying. */
  | 'FAILED'
  /** No agent has ever reported from this host. */
  | 'NO_AGENT'
  /** Committed; the agent has not answered yet. */
  | 'PENDING'
  /** Known to the agent, enforced as soon as the port is plugged there. */
  | 'WAITING_FOR_PORT';

export type CreateQosRuleInput = {
  description?: string | null | undefined;
  direction?: Direction;
  dscpMark?: number | null | undefined;
  maxBurstKbps?: number | null | undefined;
  maxBurstKpps?: number | null | undefined;
  maxKbps?: number | null | undefined;
  maxKpps?: number | null | undefined;
  minKbps?: number | null | undefined;
  /** Left out: the registered port's. Given and different from it: CONFLICT. */
  networkId?: string | null | undefined;
  portId: string;
  /**
   * Left out: the port's tenant, else the caller's, else BAD_USER_INPUT. Only an administrator names another tenant,
   * or makes a rule for a port that is not registered or has no tenant (which registers it).
   */
  tenantId?: string | null | undefined;
};

export type DeleteQosRuleInput = {
  expectedVersion?: number | null | undefined;
  id: string;
};

export type Direction =
  | 'EGRESS'
  | 'INGRESS';

export type OrderDirection =
  | 'ASC'
  | 'DESC';

export type PluggedPortInput = {
  interfaceName: string;
  mac?: string | null | undefined;
  networkId?: string | null | undefined;
  portId: string;
};

export type ProgrammedLimitInput = {
  dscpMark?: number | null | undefined;
  maxBurstKbps?: number | null | undefined;
  maxBurstKpps?: number | null | undefined;
  maxKbps?: number | null | undefined;
  maxKpps?: number | null | undefined;
  mechanism: string;
};

export type QosResultInput = {
  direction: Direction;
  message?: string | null | undefined;
  portId: string;
  programmed?: ProgrammedLimitInput | null | undefined;
  /** Which rule and version this is about; null: the limit was removed. A result for another version than the current one changes nothing. */
  ruleId?: string | null | undefined;
  ruleVersion?: number | null | undefined;
  status: BindingStatus;
};

export type QosRuleFilter = {
  direction?: Direction | null | undefined;
  host?: Array<string> | null | undefined;
  id?: Array<string> | null | undefined;
  networkId?: Array<string> | null | undefined;
  portId?: Array<string> | null | undefined;
  status?: Array<BindingStatus> | null | undefined;
  tenantId?: Array<string> | null | undefined;
};

export type QosRuleOrder = {
  direction?: OrderDirection;
  field: QosRuleOrderField;
};

export type QosRuleOrderField =
  | 'CREATED_AT'
  | 'MAX_KBPS'
  | 'NETWORK_ID'
  | 'PORT_ID'
  | 'TENANT_ID'
  | 'UPDATED_AT';

/** At most 500 entries; a host with more reports by ranges of port ids. */
export type ReportPortsInput = {
  /** The range that a complete report covers: ids past `after`, up to and with `through`; null is open. */
  after?: string | null | undefined;
  /** True: `plugged` is all there is (in the range, if one is given). False: `plugged` and `unplugged` are changes. */
  complete: boolean;
  host: string;
  plugged: Array<PluggedPortInput>;
  through?: string | null | undefined;
  unplugged?: Array<string>;
};

/** Only the (port, direction) pairs named change. At most 500 results. */
export type ReportQosInput = {
  /** Everything up to `to` has been dealt with: the confirmed position moves there. It never moves back. */
  complete?: boolean;
  host: string;
  results: Array<QosResultInput>;
  to: string;
};

export type UnbindPortInput = {
  host: string;
  portId: string;
};

export type UpdateAgentInput = {
  adminStateUp?: boolean | null | undefined;
  description?: string | null | undefined;
  id: string;
};

/** Absent: unchanged; null: cleared. tenantId, networkId, portId and direction never change. */
export type UpdateQosRuleInput = {
  description?: string | null | undefined;
  dscpMark?: number | null | undefined;
  expectedVersion?: number | null | undefined;
  id: string;
  maxBurstKbps?: number | null | undefined;
  maxBurstKpps?: number | null | undefined;
  maxKbps?: number | null | undefined;
  maxKpps?: number | null | undefined;
  minKbps?: number | null | undefined;
};

export type HostQosChangesSubscriptionVariables = Exact<{
  host: string;
  since?: string | null | undefined;
}>;


export type HostQosChangesSubscription = { hostQosChanges: { from: string | null, to: string, more: boolean, adminStateUp: boolean, ports: Array<{ portId: string, egress: { ruleId: string, ruleVersion: number, maxKbps: number | null, maxBurstKbps: number | null, maxKpps: number | null, maxBurstKpps: number | null, minKbps: number | null, dscpMark: number | null } | null, ingress: { ruleId: string, ruleVersion: number, maxKbps: number | null, maxBurstKbps: number | null, maxKpps: number | null, maxBurstKpps: number | null, minKbps: number | null, dscpMark: number | null } | null }> } };

export type PortQosFieldsFragment = { portId: string, egress: { ruleId: string, ruleVersion: number, maxKbps: number | null, maxBurstKbps: number | null, maxKpps: number | null, maxBurstKpps: number | null, minKbps: number | null, dscpMark: number | null } | null, ingress: { ruleId: string, ruleVersion: number, maxKbps: number | null, maxBurstKbps: number | null, maxKpps: number | null, maxBurstKpps: number | null, minKbps: number | null, dscpMark: number | null } | null };

export type PortLimitFieldsFragment = { ruleId: string, ruleVersion: number, maxKbps: number | null, maxBurstKbps: number | null, maxKpps: number | null, maxBurstKpps: number | null, minKbps: number | null, dscpMark: number | null };

export type AgentHeartbeatMutationVariables = Exact<{
  input: AgentHeartbeatInput;
}>;


export type AgentHeartbeatMutation = { agentHeartbeat: { desired: string, intervalMs: number } };

export type ReportPortsMutationVariables = Exact<{
  input: ReportPortsInput;
}>;


export type ReportPortsMutation = { reportPorts: { accepted: number } };

export type ReportQosMutationVariables = Exact<{
  input: ReportQosInput;
}>;


export type ReportQosMutation = { reportQos: { accepted: number } };

export type QosRuleFieldsFragment = { id: string, tenantId: string, networkId: string | null, portId: string, direction: Direction, maxKbps: number | null, maxBurstKbps: number | null, maxKpps: number | null, maxBurstKpps: number | null, minKbps: number | null, dscpMark: number | null, description: string | null, version: number, createdAt: string, updatedAt: string };

export type BindingFieldsFragment = { portId: string, direction: Direction, host: string, ruleId: string, status: BindingStatus, stale: boolean, message: string | null, requestedAt: string, appliedAt: string | null, programmed: { mechanism: string, maxKbps: number | null, maxBurstKbps: number | null, maxKpps: number | null, maxBurstKpps: number | null, dscpMark: number | null } | null };

export type CreateQosRuleMutationVariables = Exact<{
  input: CreateQosRuleInput;
}>;


export type CreateQosRuleMutation = { createQosRule: { qosRule: { id: string, tenantId: string, networkId: string | null, portId: string, direction: Direction, maxKbps: number | null, maxBurstKbps: number | null, maxKpps: number | null, maxBurstKpps: number | null, minKbps: number | null, dscpMark: number | null, description: string | null, version: number, createdAt: string, updatedAt: string } } };

export type UpdateQosRuleMutationVariables = Exact<{
  input: UpdateQosRuleInput;
}>;


export type UpdateQosRuleMutation = { updateQosRule: { qosRule: { id: string, tenantId: string, networkId: string | null, portId: string, direction: Direction, maxKbps: number | null, maxBurstKbps: number | null, maxKpps: number | null, maxBurstKpps: number | null, minKbps: number | null, dscpMark: number | null, description: string | null, version: number, createdAt: string, updatedAt: string } } };

export type DeleteQosRuleMutationVariables = Exact<{
  input: DeleteQosRuleInput;
}>;


export type DeleteQosRuleMutation = { deleteQosRule: { deletedId: string } };

export type ApplyQosRulesMutationVariables = Exact<{
  input: ApplyQosRulesInput;
}>;


export type ApplyQosRulesMutation = { applyQosRules: { created: number, updated: number, unchanged: number, deleted: number, qosRules: Array<{ id: string, tenantId: string, networkId: string | null, portId: string, direction: Direction, maxKbps: number | null, maxBurstKbps: number | null, maxKpps: number | null, maxBurstKpps: number | null, minKbps: number | null, dscpMark: number | null, description: string | null, version: number, createdAt: string, updatedAt: string }> } };

export type BindPortMutationVariables = Exact<{
  input: BindPortInput;
}>;


export type BindPortMutation = { bindPort: { port: { id: string } } };

export type UnbindPortMutationVariables = Exact<{
  input: UnbindPortInput;
}>;


export type UnbindPortMutation = { unbindPort: { port: { id: string } } };

export type UpdateAgentMutationVariables = Exact<{
  input: UpdateAgentInput;
}>;


export type UpdateAgentMutation = { updateAgent: { agent: { id: string, adminStateUp: boolean } } };

export type QosRuleQueryVariables = Exact<{
  id: string;
}>;


export type QosRuleQuery = { qosRule: { id: string, tenantId: string, networkId: string | null, portId: string, direction: Direction, maxKbps: number | null, maxBurstKbps: number | null, maxKpps: number | null, maxBurstKpps: number | null, minKbps: number | null, dscpMark: number | null, description: string | null, version: number, createdAt: string, updatedAt: string, bindings: Array<{ portId: string, direction: Direction, host: string, ruleId: string, status: BindingStatus, stale: boolean, message: string | null, requestedAt: string, appliedAt: string | null, programmed: { mechanism: string, maxKbps: number | null, maxBurstKbps: number | null, maxKpps: number | null, maxBurstKpps: number | null, dscpMark: number | null } | null }> } | null };

export type QosRulesQueryVariables = Exact<{
  filter?: QosRuleFilter | null | undefined;
  orderBy?: Array<QosRuleOrder> | QosRuleOrder | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type QosRulesQuery = { qosRules: { totalCount: number, nodes: Array<{ id: string, tenantId: string, networkId: string | null, portId: string, direction: Direction, maxKbps: number | null, maxBurstKbps: number | null, maxKpps: number | null, maxBurstKpps: number | null, minKbps: number | null, dscpMark: number | null, description: string | null, version: number, createdAt: string, updatedAt: string }>, pageInfo: { startCursor: string | null, endCursor: string | null, hasNextPage: boolean, hasPreviousPage: boolean } } };

export type AgentQueryVariables = Exact<{
  id?: string | null | undefined;
  host?: string | null | undefined;
}>;


export type AgentQuery = { agent: { id: string, host: string, binary: string, agentType: string, version: string | null, adminStateUp: boolean, alive: boolean, connected: boolean, configurations: Record<string, unknown> | null, heartbeatAt: string | null, desired: string | null, confirmed: string | null } | null };

export type HostQosQueryVariables = Exact<{
  host: string;
}>;


export type HostQosQuery = { hostQos: { from: string | null, to: string, more: boolean, adminStateUp: boolean, ports: Array<{ portId: string, egress: { ruleId: string, ruleVersion: number, maxKbps: number | null, maxBurstKbps: number | null, maxKpps: number | null, maxBurstKpps: number | null, minKbps: number | null, dscpMark: number | null } | null, ingress: { ruleId: string, ruleVersion: number, maxKbps: number | null, maxBurstKbps: number | null, maxKpps: number | null, maxBurstKpps: number | null, minKbps: number | null, dscpMark: number | null } | null }> } };

export const PortLimitFieldsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PortLimitFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PortLimit"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"ruleId"}},{"kind":"Field","name":{"kind":"Name","value":"ruleVersion"}},{"kind":"Field","name":{"kind":"Name","value":"maxKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxKpps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKpps"}},{"kind":"Field","name":{"kind":"Name","value":"minKbps"}},{"kind":"Field","name":{"kind":"Name","value":"dscpMark"}}]}}]} as unknown as DocumentNode<PortLimitFieldsFragment, unknown>;
export const PortQosFieldsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PortQosFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PortQos"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"portId"}},{"kind":"Field","name":{"kind":"Name","value":"egress"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PortLimitFields"}}]}},{"kind":"Field","name":{"kind":"Name","value":"ingress"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PortLimitFields"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PortLimitFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PortLimit"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"ruleId"}},{"kind":"Field","name":{"kind":"Name","value":"ruleVersion"}},{"kind":"Field","name":{"kind":"Name","value":"maxKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxKpps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKpps"}},{"kind":"Field","name":{"kind":"Name","value":"minKbps"}},{"kind":"Field","name":{"kind":"Name","value":"dscpMark"}}]}}]} as unknown as DocumentNode<PortQosFieldsFragment, unknown>;
export const QosRuleFieldsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"QosRuleFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QosRule"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"tenantId"}},{"kind":"Field","name":{"kind":"Name","value":"networkId"}},{"kind":"Field","name":{"kind":"Name","value":"portId"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"maxKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxKpps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKpps"}},{"kind":"Field","name":{"kind":"Name","value":"minKbps"}},{"kind":"Field","name":{"kind":"Name","value":"dscpMark"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}}]}}]} as unknown as DocumentNode<QosRuleFieldsFragment, unknown>;
export const BindingFieldsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"BindingFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QosAgentBinding"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"portId"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"host"}},{"kind":"Field","name":{"kind":"Name","value":"ruleId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"stale"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"programmed"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"mechanism"}},{"kind":"Field","name":{"kind":"Name","value":"maxKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxKpps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKpps"}},{"kind":"Field","name":{"kind":"Name","value":"dscpMark"}}]}},{"kind":"Field","name":{"kind":"Name","value":"requestedAt"}},{"kind":"Field","name":{"kind":"Name","value":"appliedAt"}}]}}]} as unknown as DocumentNode<BindingFieldsFragment, unknown>;
export const HostQosChangesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"HostQosChanges"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"host"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"since"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Cursor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hostQosChanges"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"host"},"value":{"kind":"Variable","name":{"kind":"Name","value":"host"}}},{"kind":"Argument","name":{"kind":"Name","value":"since"},"value":{"kind":"Variable","name":{"kind":"Name","value":"since"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"from"}},{"kind":"Field","name":{"kind":"Name","value":"to"}},{"kind":"Field","name":{"kind":"Name","value":"more"}},{"kind":"Field","name":{"kind":"Name","value":"adminStateUp"}},{"kind":"Field","name":{"kind":"Name","value":"ports"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PortQosFields"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PortLimitFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PortLimit"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"ruleId"}},{"kind":"Field","name":{"kind":"Name","value":"ruleVersion"}},{"kind":"Field","name":{"kind":"Name","value":"maxKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxKpps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKpps"}},{"kind":"Field","name":{"kind":"Name","value":"minKbps"}},{"kind":"Field","name":{"kind":"Name","value":"dscpMark"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PortQosFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PortQos"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"portId"}},{"kind":"Field","name":{"kind":"Name","value":"egress"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PortLimitFields"}}]}},{"kind":"Field","name":{"kind":"Name","value":"ingress"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PortLimitFields"}}]}}]}}]} as unknown as DocumentNode<HostQosChangesSubscription, HostQosChangesSubscriptionVariables>;
export const AgentHeartbeatDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"AgentHeartbeat"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"AgentHeartbeatInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"agentHeartbeat"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"desired"}},{"kind":"Field","name":{"kind":"Name","value":"intervalMs"}}]}}]}}]} as unknown as DocumentNode<AgentHeartbeatMutation, AgentHeartbeatMutationVariables>;
export const ReportPortsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ReportPorts"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ReportPortsInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reportPorts"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"accepted"}}]}}]}}]} as unknown as DocumentNode<ReportPortsMutation, ReportPortsMutationVariables>;
export const ReportQosDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ReportQos"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ReportQosInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reportQos"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"accepted"}}]}}]}}]} as unknown as DocumentNode<ReportQosMutation, ReportQosMutationVariables>;
export const CreateQosRuleDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateQosRule"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateQosRuleInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createQosRule"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"qosRule"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"QosRuleFields"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"QosRuleFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QosRule"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"tenantId"}},{"kind":"Field","name":{"kind":"Name","value":"networkId"}},{"kind":"Field","name":{"kind":"Name","value":"portId"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"maxKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxKpps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKpps"}},{"kind":"Field","name":{"kind":"Name","value":"minKbps"}},{"kind":"Field","name":{"kind":"Name","value":"dscpMark"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}}]}}]} as unknown as DocumentNode<CreateQosRuleMutation, CreateQosRuleMutationVariables>;
export const UpdateQosRuleDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UpdateQosRule"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateQosRuleInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"updateQosRule"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"qosRule"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"QosRuleFields"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"QosRuleFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QosRule"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"tenantId"}},{"kind":"Field","name":{"kind":"Name","value":"networkId"}},{"kind":"Field","name":{"kind":"Name","value":"portId"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"maxKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxKpps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKpps"}},{"kind":"Field","name":{"kind":"Name","value":"minKbps"}},{"kind":"Field","name":{"kind":"Name","value":"dscpMark"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}}]}}]} as unknown as DocumentNode<UpdateQosRuleMutation, UpdateQosRuleMutationVariables>;
export const DeleteQosRuleDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DeleteQosRule"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DeleteQosRuleInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deleteQosRule"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deletedId"}}]}}]}}]} as unknown as DocumentNode<DeleteQosRuleMutation, DeleteQosRuleMutationVariables>;
export const ApplyQosRulesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ApplyQosRules"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ApplyQosRulesInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"applyQosRules"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"created"}},{"kind":"Field","name":{"kind":"Name","value":"updated"}},{"kind":"Field","name":{"kind":"Name","value":"unchanged"}},{"kind":"Field","name":{"kind":"Name","value":"deleted"}},{"kind":"Field","name":{"kind":"Name","value":"qosRules"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"QosRuleFields"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"QosRuleFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QosRule"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"tenantId"}},{"kind":"Field","name":{"kind":"Name","value":"networkId"}},{"kind":"Field","name":{"kind":"Name","value":"portId"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"maxKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxKpps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKpps"}},{"kind":"Field","name":{"kind":"Name","value":"minKbps"}},{"kind":"Field","name":{"kind":"Name","value":"dscpMark"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}}]}}]} as unknown as DocumentNode<ApplyQosRulesMutation, ApplyQosRulesMutationVariables>;
export const BindPortDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"BindPort"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"BindPortInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"bindPort"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"port"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]}}]} as unknown as DocumentNode<BindPortMutation, BindPortMutationVariables>;
export const UnbindPortDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UnbindPort"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UnbindPortInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"unbindPort"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"port"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]}}]} as unknown as DocumentNode<UnbindPortMutation, UnbindPortMutationVariables>;
export const UpdateAgentDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UpdateAgent"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateAgentInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"updateAgent"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"agent"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"adminStateUp"}}]}}]}}]}}]} as unknown as DocumentNode<UpdateAgentMutation, UpdateAgentMutationVariables>;
export const QosRuleDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"QosRule"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UUID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"qosRule"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"QosRuleFields"}},{"kind":"Field","name":{"kind":"Name","value":"bindings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"BindingFields"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"QosRuleFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QosRule"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"tenantId"}},{"kind":"Field","name":{"kind":"Name","value":"networkId"}},{"kind":"Field","name":{"kind":"Name","value":"portId"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"maxKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxKpps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKpps"}},{"kind":"Field","name":{"kind":"Name","value":"minKbps"}},{"kind":"Field","name":{"kind":"Name","value":"dscpMark"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"BindingFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QosAgentBinding"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"portId"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"host"}},{"kind":"Field","name":{"kind":"Name","value":"ruleId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"stale"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"programmed"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"mechanism"}},{"kind":"Field","name":{"kind":"Name","value":"maxKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxKpps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKpps"}},{"kind":"Field","name":{"kind":"Name","value":"dscpMark"}}]}},{"kind":"Field","name":{"kind":"Name","value":"requestedAt"}},{"kind":"Field","name":{"kind":"Name","value":"appliedAt"}}]}}]} as unknown as DocumentNode<QosRuleQuery, QosRuleQueryVariables>;
export const QosRulesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"QosRules"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"QosRuleFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}},"type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"QosRuleOrder"}}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"last"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"before"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"qosRules"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"last"},"value":{"kind":"Variable","name":{"kind":"Name","value":"last"}}},{"kind":"Argument","name":{"kind":"Name","value":"before"},"value":{"kind":"Variable","name":{"kind":"Name","value":"before"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"QosRuleFields"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"startCursor"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"hasPreviousPage"}}]}},{"kind":"Field","name":{"kind":"Name","value":"totalCount"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"QosRuleFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QosRule"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"tenantId"}},{"kind":"Field","name":{"kind":"Name","value":"networkId"}},{"kind":"Field","name":{"kind":"Name","value":"portId"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"maxKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxKpps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKpps"}},{"kind":"Field","name":{"kind":"Name","value":"minKbps"}},{"kind":"Field","name":{"kind":"Name","value":"dscpMark"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}}]}}]} as unknown as DocumentNode<QosRulesQuery, QosRulesQueryVariables>;
export const AgentDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Agent"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"UUID"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"host"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"agent"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}},{"kind":"Argument","name":{"kind":"Name","value":"host"},"value":{"kind":"Variable","name":{"kind":"Name","value":"host"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"host"}},{"kind":"Field","name":{"kind":"Name","value":"binary"}},{"kind":"Field","name":{"kind":"Name","value":"agentType"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"adminStateUp"}},{"kind":"Field","name":{"kind":"Name","value":"alive"}},{"kind":"Field","name":{"kind":"Name","value":"connected"}},{"kind":"Field","name":{"kind":"Name","value":"configurations"}},{"kind":"Field","name":{"kind":"Name","value":"heartbeatAt"}},{"kind":"Field","name":{"kind":"Name","value":"desired"}},{"kind":"Field","name":{"kind":"Name","value":"confirmed"}}]}}]}}]} as unknown as DocumentNode<AgentQuery, AgentQueryVariables>;
export const HostQosDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"HostQos"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"host"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hostQos"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"host"},"value":{"kind":"Variable","name":{"kind":"Name","value":"host"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"from"}},{"kind":"Field","name":{"kind":"Name","value":"to"}},{"kind":"Field","name":{"kind":"Name","value":"more"}},{"kind":"Field","name":{"kind":"Name","value":"adminStateUp"}},{"kind":"Field","name":{"kind":"Name","value":"ports"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PortQosFields"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PortLimitFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PortLimit"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"ruleId"}},{"kind":"Field","name":{"kind":"Name","value":"ruleVersion"}},{"kind":"Field","name":{"kind":"Name","value":"maxKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxKpps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKpps"}},{"kind":"Field","name":{"kind":"Name","value":"minKbps"}},{"kind":"Field","name":{"kind":"Name","value":"dscpMark"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PortQosFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PortQos"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"portId"}},{"kind":"Field","name":{"kind":"Name","value":"egress"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PortLimitFields"}}]}},{"kind":"Field","name":{"kind":"Name","value":"ingress"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PortLimitFields"}}]}}]}}]} as unknown as DocumentNode<HostQosQuery, HostQosQueryVariables>;