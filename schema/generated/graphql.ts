/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** Every field that is given must hold. */
export type AgentCredentialFilter = {
  /** Of one of these hosts. */
  host?: Array<string> | null | undefined;
};

/** Every field that is given must hold; a list holds if one of its values does. At most 500 values a list. */
export type AgentFilter = {
  /** In this administrative state. */
  adminStateUp?: boolean | null | undefined;
  /** Of one of these kinds. */
  agentType?: Array<string> | null | undefined;
  /** Alive, or not. */
  alive?: boolean | null | undefined;
  /** On one of these hosts. */
  host?: Array<string> | null | undefined;
};

/** That an agent lives, and what it says of itself. */
export type AgentHeartbeatInput = {
  /** What kind of agent it is. */
  agentType: string;
  /** The program that runs there. */
  binary: string;
  /** Free-form: at least { driver, ovsVersion, capabilities }. Left out: unchanged. */
  configurations?: Record<string, unknown> | null | undefined;
  /** How far the agent has dealt with its feed. */
  confirmed?: string | null | undefined;
  /** The agent's own host. */
  host: string;
  /** True on the first heartbeat after the process started. */
  startFlag?: boolean;
  /** The program's version. */
  version?: string | null | undefined;
};

/** Upserts by (portId, direction) in one transaction: all or nothing. A limit left out is cleared. At most 10,000 rules. */
export type ApplyQosRulesInput = {
  /** Report what would happen, change nothing. */
  dryRun?: boolean;
  /** Also delete the tenant's other rules (only of the named networks, if given; an empty list is BAD_USER_INPUT). */
  prune?: boolean;
  /** Prune on these networks only. */
  pruneNetworkIds?: Array<string> | null | undefined;
  /** The rules that there shall be, one for a port and direction. */
  rules: Array<CreateQosRuleInput>;
  /** Whose rules these are; every rule must be of it. An administrator must name it to prune. */
  tenantId?: string | null | undefined;
};

/** Every field that is given must hold; a list holds if one of its values does. At most 500 values a list. */
export type AuditFilter = {
  /** One of these actions. */
  action?: Array<string> | null | undefined;
  /** By one of these, each as `actor` has it. */
  actor?: Array<string> | null | undefined;
  /** About one of these objects. */
  objectId?: Array<string> | null | undefined;
  /** At that instant or later. */
  since?: string | null | undefined;
  /** About one of these tenants' objects. */
  tenantId?: Array<string> | null | undefined;
  /** Before that instant. */
  until?: string | null | undefined;
};

/** A port and the host that has it, or is about to. */
export type BindPortInput = {
  /** The host. */
  host: string;
  /** A name for the port, at most 255 characters. */
  name?: string | null | undefined;
  /** The port's network. Another one than is known: CONFLICT. */
  networkId?: string | null | undefined;
  /** The port; registered if nobody knew it. */
  portId: string;
  /** The port's tenant. Another one than is known: CONFLICT. */
  tenantId?: string | null | undefined;
};

/** How far a rule got on one host. */
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

/** What happened. Events are best effort and bounded, unlike the agents' feed. */
export type ChangeType =
  /** It is new. */
  | 'CREATED'
  /** It is gone. */
  | 'DELETED'
  /** Changes were too many to name; query again. */
  | 'RELOAD'
  /** How far it got, or whether it lives, has changed. */
  | 'STATUS_CHANGED'
  /** What it says has changed. */
  | 'UPDATED';

/** Which host may enrol. */
export type CreateEnrolmentTokenInput = {
  /** How long it holds: 1 to 3600, default 3600. */
  expiresInSeconds?: number | null | undefined;
  /** The host: the token enrols no other. */
  host: string;
};

/** A rule to make. At least one of maxKbps, maxKpps, minKbps and dscpMark is needed. */
export type CreateQosRuleInput = {
  /** Words of your own, at most 255 characters. */
  description?: string | null | undefined;
  /** Which of the port's directions. */
  direction?: Direction;
  /** One of 0, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 34, 36, 38, 40, 44, 46, 48, 56. EGRESS only. */
  dscpMark?: number | null | undefined;
  /** Kilobits (1000 bit). Null: the driver's default, 80 % of maxKbps and never under one packet. */
  maxBurstKbps?: number | null | undefined;
  /** Thousand packets. */
  maxBurstKpps?: number | null | undefined;
  /** Kilobits (1000 bit) per second, 1 to 2147483647. */
  maxKbps?: number | null | undefined;
  /** Thousand packets per second, 1 to 4294967. */
  maxKpps?: number | null | undefined;
  /** Guaranteed kilobits per second; INGRESS only where the driver says so. */
  minKbps?: number | null | undefined;
  /** Left out: the registered port's. Given and different from it: CONFLICT. */
  networkId?: string | null | undefined;
  /** The port to limit or mark. */
  portId: string;
  /**
   * Left out: the port's tenant, else the caller's, else BAD_USER_INPUT. Only an administrator names another tenant,
   * or makes a rule for a port that is not registered or has no tenant (which registers it).
   */
  tenantId?: string | null | undefined;
};

/** An agent to delete. */
export type DeleteAgentInput = {
  /** The agent to delete. */
  id: string;
};

/** A rule to delete. */
export type DeleteQosRuleInput = {
  /** The version that was read: another one by now is CONFLICT. */
  expectedVersion?: number | null | undefined;
  /** The rule to delete. */
  id: string;
};

/** A tenant whose own quota is to go. */
export type DeleteTenantQuotaInput = {
  /** The tenant. */
  tenantId: string;
};

/** Seen from the port's guest, as in OpenStack. */
export type Direction =
  /** Traffic that leaves the guest. */
  | 'EGRESS'
  /** Traffic that reaches the guest. */
  | 'INGRESS';

/** Which way a list is sorted. */
export type OrderDirection =
  /** Smallest first, empty values last. */
  | 'ASC'
  /** Largest first, empty values first. */
  | 'DESC';

/** A port whose interface the agent sees. */
export type PluggedPortInput = {
  /** How the switch calls it. */
  interfaceName: string;
  /** The MAC address attached to it. */
  mac?: string | null | undefined;
  /** Its network, where the switch knows it. */
  networkId?: string | null | undefined;
  /** The port. */
  portId: string;
};

/** Every field that is given must hold; a list holds if one of its values does. At most 500 values a list. */
export type PortFilter = {
  /** On one of these hosts. */
  host?: Array<string> | null | undefined;
  /** One of these ports. */
  id?: Array<string> | null | undefined;
  /** On one of these networks. */
  networkId?: Array<string> | null | undefined;
  /** Of one of these tenants. */
  tenantId?: Array<string> | null | undefined;
};

/** What the switch was told, in its own terms. */
export type ProgrammedLimitInput = {
  /** The mark in the IP header. */
  dscpMark?: number | null | undefined;
  /** Kilobits (1000 bit). */
  maxBurstKbps?: number | null | undefined;
  /** Thousand packets. */
  maxBurstKpps?: number | null | undefined;
  /** Kilobits (1000 bit) per second. */
  maxKbps?: number | null | undefined;
  /** Thousand packets per second. */
  maxKpps?: number | null | undefined;
  /** ingress_policing, linux_htb, openflow_meter, … */
  mechanism: string;
  /** Guaranteed kilobits (1000 bit) per second. */
  minKbps?: number | null | undefined;
};

/** Every field that is given must hold; a list holds if one of its values does. At most 500 values a list. */
export type QosAgentBindingFilter = {
  /** For one of these agents. */
  agentId?: Array<string> | null | undefined;
  /** On one of these hosts. */
  host?: Array<string> | null | undefined;
  /** Asked by one of these rules. */
  qosRuleId?: Array<string> | null | undefined;
  /** With one of these statuses. */
  status?: Array<BindingStatus> | null | undefined;
};

/** How far the agent got with one direction of a port. */
export type QosResultInput = {
  /** Its direction. */
  direction: Direction;
  /** Why, in words; cut at 1000 characters. */
  message?: string | null | undefined;
  /** The port. */
  portId: string;
  /** What was read back from the switch. */
  programmed?: ProgrammedLimitInput | null | undefined;
  /** Which rule and version this is about; null: the limit was to be removed, and was unless `status` is FAILED. A result for another version than the current one changes nothing. */
  ruleId?: string | null | undefined;
  /** That rule's version. */
  ruleVersion?: number | null | undefined;
  /** APPLIED, DEGRADED, FAILED or WAITING_FOR_PORT. */
  status: BindingStatus;
};

/** Every field that is given must hold; a list holds if one of its values does. At most 500 values a list. */
export type QosRuleFilter = {
  /** For this direction. */
  direction?: Direction | null | undefined;
  /** To be enforced on one of these hosts. */
  host?: Array<string> | null | undefined;
  /** One of these rules. */
  id?: Array<string> | null | undefined;
  /** On one of these networks. */
  networkId?: Array<string> | null | undefined;
  /** For one of these ports. */
  portId?: Array<string> | null | undefined;
  /** With one of these statuses there, or on any host. */
  status?: Array<BindingStatus> | null | undefined;
  /** Of one of these tenants. */
  tenantId?: Array<string> | null | undefined;
};

/** One sort key. Rules that are equal by all keys stand in order of id. */
export type QosRuleOrder = {
  /** This way. */
  direction?: OrderDirection;
  /** Sort by this. */
  field: QosRuleOrderField;
};

/** What rules can be sorted by. */
export type QosRuleOrderField =
  /** When the rule was made. */
  | 'CREATED_AT'
  /** The limit in kilobits per second. */
  | 'MAX_KBPS'
  /** The port's network. */
  | 'NETWORK_ID'
  /** The port. */
  | 'PORT_ID'
  /** Whose rule it is. */
  | 'TENANT_ID'
  /** When it last changed. */
  | 'UPDATED_AT';

/** At most 500 entries; a host with more reports by ranges of port ids. */
export type ReportPortsInput = {
  /** The range that a complete report covers: ids past `after`, up to and with `through`; null is open. */
  after?: string | null | undefined;
  /** True: `plugged` is all there is (in the range, if one is given). False: `plugged` and `unplugged` are changes. */
  complete: boolean;
  /** The agent's own host. */
  host: string;
  /** Ports that the agent sees. */
  plugged: Array<PluggedPortInput>;
  /** The end of the range; null is open. */
  through?: string | null | undefined;
  /** Ports that it sees no more. */
  unplugged?: Array<string>;
};

/** Only the (port, direction) pairs named change. At most 500 results. */
export type ReportQosInput = {
  /** Everything up to `to` has been dealt with: the confirmed position moves there. It never moves back. */
  complete?: boolean;
  /** The agent's own host. */
  host: string;
  /** The results. */
  results: Array<QosResultInput>;
  /** The first report since the agent started: removals that failed before, and that it does not name, are over. */
  starts?: boolean;
  /** The `to` of the step that the results are about. */
  to: string;
};

/** At most 500 entries; a host with more sends several reports. Counts of what is not named stay as they are. */
export type ReportUsageInput = {
  /** The agent's own host. */
  host: string;
  /** As `since` of an earlier answer: all that was reported in that report and after it and is not named here was looked at now, and has not moved. Left out: nothing is said of what is not named, and a later report may name this one. */
  unmovedSince?: string | null | undefined;
  /** What was counted. */
  usage: Array<UsageInput>;
};

/** A credential to let in no more. */
export type RevokeCredentialInput = {
  /** The id of an enrolled host's credential, of an enrolment token or of any token; or certificate: and a certificate's SHA-256 fingerprint. */
  id: string;
};

/** How much a tenant may have. */
export type SetTenantQuotaInput = {
  /** So many rules its members may bring it to; -1: any number. */
  maxRules: number;
  /** The tenant. */
  tenantId: string;
};

/** A port and the host that it was bound to. */
export type UnbindPortInput = {
  /** The host. */
  host: string;
  /** The port. */
  portId: string;
};

/** Absent: unchanged; null clears the description. */
export type UpdateAgentInput = {
  /** False: the agent removes every limit that it applied, and applies none. */
  adminStateUp?: boolean | null | undefined;
  /** Words of your own, at most 255 characters. */
  description?: string | null | undefined;
  /** The agent to change. */
  id: string;
};

/** Absent: unchanged; null: cleared. tenantId, networkId, portId and direction never change. */
export type UpdateQosRuleInput = {
  /** Words of your own, at most 255 characters. */
  description?: string | null | undefined;
  /** One of 0, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 34, 36, 38, 40, 44, 46, 48, 56. EGRESS only. */
  dscpMark?: number | null | undefined;
  /** The version that was read: another one by now is CONFLICT. */
  expectedVersion?: number | null | undefined;
  /** The rule to change. */
  id: string;
  /** Kilobits (1000 bit). Null: the driver's default, 80 % of maxKbps and never under one packet. */
  maxBurstKbps?: number | null | undefined;
  /** Thousand packets. */
  maxBurstKpps?: number | null | undefined;
  /** Kilobits (1000 bit) per second, 1 to 2147483647. */
  maxKbps?: number | null | undefined;
  /** Thousand packets per second, 1 to 4294967. */
  maxKpps?: number | null | undefined;
  /** Guaranteed kilobits per second; INGRESS only where the driver says so. */
  minKbps?: number | null | undefined;
};

/** What the limit of one direction of a port let pass and dropped. */
export type UsageInput = {
  /** Bytes that passed, by whole frames without their checksum. Null where the mechanism counts only what reached it. */
  bytes?: string | null | undefined;
  /** For how many milliseconds these have been counted. Left out: for longer than the agent knows. */
  countedMs?: string | null | undefined;
  /** Its direction. */
  direction: Direction;
  /** Bytes that the limit dropped. Null where the mechanism does not tell. */
  droppedBytes?: string | null | undefined;
  /** Packets that the limit dropped. Null where the mechanism does not tell. */
  droppedPackets?: string | null | undefined;
  /** Packets that passed. */
  packets: string;
  /** The port. */
  portId: string;
  /** The rule that asks for it. */
  ruleId: string;
};

export type HostQosChangesSubscriptionVariables = Exact<{
  host: string;
  since?: string | null | undefined;
}>;


export type HostQosChangesSubscription = { hostQosChanges: { from: string | null, to: string, more: boolean, adminStateUp: boolean, traceparent: string | null, ports: Array<{ portId: string, egress: { ruleId: string, ruleVersion: number, maxKbps: number | null, maxBurstKbps: number | null, maxKpps: number | null, maxBurstKpps: number | null, minKbps: number | null, dscpMark: number | null } | null, ingress: { ruleId: string, ruleVersion: number, maxKbps: number | null, maxBurstKbps: number | null, maxKpps: number | null, maxBurstKpps: number | null, minKbps: number | null, dscpMark: number | null } | null }> } };

export type PortQosFieldsFragment = { portId: string, egress: { ruleId: string, ruleVersion: number, maxKbps: number | null, maxBurstKbps: number | null, maxKpps: number | null, maxBurstKpps: number | null, minKbps: number | null, dscpMark: number | null } | null, ingress: { ruleId: string, ruleVersion: number, maxKbps: number | null, maxBurstKbps: number | null, maxKpps: number | null, maxBurstKpps: number | null, minKbps: number | null, dscpMark: number | null } | null };

export type PortLimitFieldsFragment = { ruleId: string, ruleVersion: number, maxKbps: number | null, maxBurstKbps: number | null, maxKpps: number | null, maxBurstKpps: number | null, minKbps: number | null, dscpMark: number | null };

export type AgentHeartbeatMutationVariables = Exact<{
  input: AgentHeartbeatInput;
}>;


export type AgentHeartbeatMutation = { agentHeartbeat: { desired: string, intervalMs: number } };

export type ReportPortsMutationVariables = Exact<{
  input: ReportPortsInput;
}>;


export type ReportPortsMutation = { reportPorts: { accepted: number, refused: Array<{ portId: string, message: string }> } };

export type ReportQosMutationVariables = Exact<{
  input: ReportQosInput;
}>;


export type ReportQosMutation = { reportQos: { accepted: number } };

export type ReportUsageMutationVariables = Exact<{
  input: ReportUsageInput;
}>;


export type ReportUsageMutation = { reportUsage: { accepted: number, since: string | null } };

export type RenewCredentialMutationVariables = Exact<{ [key: string]: never; }>;


export type RenewCredentialMutation = { renewCredential: { token: string, lifetimeMs: number } };

export type HostQosQueryVariables = Exact<{
  host: string;
}>;


export type HostQosQuery = { hostQos: { from: string | null, to: string, more: boolean, adminStateUp: boolean, ports: Array<{ portId: string, egress: { ruleId: string, ruleVersion: number, maxKbps: number | null, maxBurstKbps: number | null, maxKpps: number | null, maxBurstKpps: number | null, minKbps: number | null, dscpMark: number | null } | null, ingress: { ruleId: string, ruleVersion: number, maxKbps: number | null, maxBurstKbps: number | null, maxKpps: number | null, maxBurstKpps: number | null, minKbps: number | null, dscpMark: number | null } | null }> } };

export type RuleRowFragment = { id: string, tenantId: string, networkId: string | null, portId: string, direction: Direction, maxKbps: number | null, maxBurstKbps: number | null, maxKpps: number | null, maxBurstKpps: number | null, minKbps: number | null, dscpMark: number | null, description: string | null, version: number, createdAt: string, updatedAt: string, bindings: Array<{ portId: string, direction: Direction, host: string, ruleId: string, status: BindingStatus, stale: boolean, message: string | null, requestedAt: string, appliedAt: string | null, programmed: { mechanism: string, maxKbps: number | null, maxBurstKbps: number | null, maxKpps: number | null, maxBurstKpps: number | null, minKbps: number | null, dscpMark: number | null } | null }> };

export type ListRulesQueryVariables = Exact<{
  filter?: QosRuleFilter | null | undefined;
  orderBy?: Array<QosRuleOrder> | QosRuleOrder | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type ListRulesQuery = { qosRules: { totalCount: number, nodes: Array<{ id: string, tenantId: string, networkId: string | null, portId: string, direction: Direction, maxKbps: number | null, maxBurstKbps: number | null, maxKpps: number | null, maxBurstKpps: number | null, minKbps: number | null, dscpMark: number | null, description: string | null, version: number, createdAt: string, updatedAt: string, bindings: Array<{ portId: string, direction: Direction, host: string, ruleId: string, status: BindingStatus, stale: boolean, message: string | null, requestedAt: string, appliedAt: string | null, programmed: { mechanism: string, maxKbps: number | null, maxBurstKbps: number | null, maxKpps: number | null, maxBurstKpps: number | null, minKbps: number | null, dscpMark: number | null } | null }> }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } };

export type FindRuleCursorQueryVariables = Exact<{
  filter?: QosRuleFilter | null | undefined;
  orderBy?: Array<QosRuleOrder> | QosRuleOrder | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type FindRuleCursorQuery = { qosRules: { edges: Array<{ cursor: string, node: { id: string } }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } };

export type UsageFieldsFragment = { bytes: string | null, packets: string, droppedBytes: string | null, droppedPackets: string | null, since: string | null, at: string };

export type ShowRuleQueryVariables = Exact<{
  id: string;
}>;


export type ShowRuleQuery = { qosRule: { id: string, tenantId: string, networkId: string | null, portId: string, direction: Direction, maxKbps: number | null, maxBurstKbps: number | null, maxKpps: number | null, maxBurstKpps: number | null, minKbps: number | null, dscpMark: number | null, description: string | null, version: number, createdAt: string, updatedAt: string, bindings: Array<{ portId: string, direction: Direction, host: string, ruleId: string, status: BindingStatus, stale: boolean, message: string | null, requestedAt: string, appliedAt: string | null, usage: { bytes: string | null, packets: string, droppedBytes: string | null, droppedPackets: string | null, since: string | null, at: string } | null, programmed: { mechanism: string, maxKbps: number | null, maxBurstKbps: number | null, maxKpps: number | null, maxBurstKpps: number | null, minKbps: number | null, dscpMark: number | null } | null }> } | null };

export type RuleProgressQueryVariables = Exact<{
  filter: QosRuleFilter;
  first: number;
}>;


export type RuleProgressQuery = { qosRules: { nodes: Array<{ id: string, portId: string, direction: Direction, bindings: Array<{ host: string, status: BindingStatus, stale: boolean, message: string | null }> }> } };

export type PortProgressQueryVariables = Exact<{
  filter: PortFilter;
  first: number;
}>;


export type PortProgressQuery = { ports: { nodes: Array<{ id: string, bindings: Array<{ host: string, removed: boolean, settled: boolean, removalFault: string | null }>, rules: Array<{ id: string }> }> } };

export type RuleHintsSubscriptionVariables = Exact<{
  filter?: QosRuleFilter | null | undefined;
}>;


export type RuleHintsSubscription = { qosRuleEvents: { type: ChangeType } };

export type WatchRulesSubscriptionVariables = Exact<{
  filter?: QosRuleFilter | null | undefined;
}>;


export type WatchRulesSubscription = { qosRuleEvents: { type: ChangeType, id: string | null, row: { id: string, tenantId: string, networkId: string | null, portId: string, direction: Direction, maxKbps: number | null, maxBurstKbps: number | null, maxKpps: number | null, maxBurstKpps: number | null, minKbps: number | null, dscpMark: number | null, description: string | null, version: number, createdAt: string, updatedAt: string, bindings: Array<{ portId: string, direction: Direction, host: string, ruleId: string, status: BindingStatus, stale: boolean, message: string | null, requestedAt: string, appliedAt: string | null, programmed: { mechanism: string, maxKbps: number | null, maxBurstKbps: number | null, maxKpps: number | null, maxBurstKpps: number | null, minKbps: number | null, dscpMark: number | null } | null }> } | null } };

export type AgentRowFragment = { id: string, host: string, agentType: string, binary: string, version: string | null, description: string | null, adminStateUp: boolean, alive: boolean, connected: boolean, configurations: Record<string, unknown> | null, createdAt: string, startedAt: string | null, heartbeatAt: string | null, desired: string | null, confirmed: string | null };

export type ListAgentsQueryVariables = Exact<{
  filter?: AgentFilter | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type ListAgentsQuery = { agents: { totalCount: number, nodes: Array<{ id: string, host: string, agentType: string, binary: string, version: string | null, description: string | null, adminStateUp: boolean, alive: boolean, connected: boolean, configurations: Record<string, unknown> | null, createdAt: string, startedAt: string | null, heartbeatAt: string | null, desired: string | null, confirmed: string | null }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } };

export type FindAgentCursorQueryVariables = Exact<{
  filter?: AgentFilter | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type FindAgentCursorQuery = { agents: { edges: Array<{ cursor: string, node: { id: string } }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } };

export type ShowAgentQueryVariables = Exact<{
  id?: string | null | undefined;
  host?: string | null | undefined;
}>;


export type ShowAgentQuery = { agent: { id: string, host: string, agentType: string, binary: string, version: string | null, description: string | null, adminStateUp: boolean, alive: boolean, connected: boolean, configurations: Record<string, unknown> | null, createdAt: string, startedAt: string | null, heartbeatAt: string | null, desired: string | null, confirmed: string | null } | null };

export type SetAgentMutationVariables = Exact<{
  input: UpdateAgentInput;
}>;


export type SetAgentMutation = { updateAgent: { agent: { id: string, host: string, agentType: string, binary: string, version: string | null, description: string | null, adminStateUp: boolean, alive: boolean, connected: boolean, configurations: Record<string, unknown> | null, createdAt: string, startedAt: string | null, heartbeatAt: string | null, desired: string | null, confirmed: string | null } } };

export type DeleteAgentMutationVariables = Exact<{
  input: DeleteAgentInput;
}>;


export type DeleteAgentMutation = { deleteAgent: { deletedId: string } };

export type WatchAgentsSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type WatchAgentsSubscription = { agentEvents: { type: ChangeType, id: string | null, row: { id: string, host: string, agentType: string, binary: string, version: string | null, description: string | null, adminStateUp: boolean, alive: boolean, connected: boolean, configurations: Record<string, unknown> | null, createdAt: string, startedAt: string | null, heartbeatAt: string | null, desired: string | null, confirmed: string | null } | null } };

export type PortRowFragment = { id: string, tenantId: string | null, networkId: string | null, name: string | null, bindings: Array<{ host: string, bound: boolean, plugged: boolean, settled: boolean, removalFault: string | null, interfaceName: string | null, boundAt: string }>, rules: Array<{ id: string, direction: Direction }> };

export type ListPortsQueryVariables = Exact<{
  filter?: PortFilter | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type ListPortsQuery = { ports: { totalCount: number, nodes: Array<{ id: string, tenantId: string | null, networkId: string | null, name: string | null, bindings: Array<{ host: string, bound: boolean, plugged: boolean, settled: boolean, removalFault: string | null, interfaceName: string | null, boundAt: string }>, rules: Array<{ id: string, direction: Direction }> }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } };

export type FindPortCursorQueryVariables = Exact<{
  filter?: PortFilter | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type FindPortCursorQuery = { ports: { edges: Array<{ cursor: string, node: { id: string } }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } };

export type ShowPortQueryVariables = Exact<{
  id: string;
}>;


export type ShowPortQuery = { port: { id: string, tenantId: string | null, networkId: string | null, name: string | null, rules: Array<{ id: string, direction: Direction, tenantId: string, networkId: string | null, portId: string, maxKbps: number | null, maxBurstKbps: number | null, maxKpps: number | null, maxBurstKpps: number | null, minKbps: number | null, dscpMark: number | null, description: string | null, version: number, createdAt: string, updatedAt: string, bindings: Array<{ portId: string, direction: Direction, host: string, ruleId: string, status: BindingStatus, stale: boolean, message: string | null, requestedAt: string, appliedAt: string | null, programmed: { mechanism: string, maxKbps: number | null, maxBurstKbps: number | null, maxKpps: number | null, maxBurstKpps: number | null, minKbps: number | null, dscpMark: number | null } | null }> }>, bindings: Array<{ host: string, bound: boolean, plugged: boolean, settled: boolean, removalFault: string | null, interfaceName: string | null, boundAt: string }> } | null };

export type ListHostBindingsQueryVariables = Exact<{
  filter?: QosAgentBindingFilter | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type ListHostBindingsQuery = { qosAgentBindings: { totalCount: number, nodes: Array<{ portId: string, direction: Direction, host: string, ruleId: string, status: BindingStatus, stale: boolean, message: string | null, requestedAt: string, appliedAt: string | null, usage: { bytes: string | null, packets: string, droppedBytes: string | null, droppedPackets: string | null, since: string | null, at: string } | null, rule: { id: string, tenantId: string, networkId: string | null, portId: string, direction: Direction, maxKbps: number | null, maxBurstKbps: number | null, maxKpps: number | null, maxBurstKpps: number | null, minKbps: number | null, dscpMark: number | null, description: string | null, version: number, createdAt: string, updatedAt: string } | null, programmed: { mechanism: string, maxKbps: number | null, maxBurstKbps: number | null, maxKpps: number | null, maxBurstKpps: number | null, minKbps: number | null, dscpMark: number | null } | null }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } };

export type ShowExtensionQueryVariables = Exact<{ [key: string]: never; }>;


export type ShowExtensionQuery = { extension: { name: string, alias: string, description: string, namespace: string, updated: string, version: string, drivers: Array<{ driver: string, fields: Array<{ field: string, directions: Array<Direction>, minimum: number | null, maximum: number | null, values: Array<number> | null }> }> } };

export type CompleteRulesQueryVariables = Exact<{
  first: number;
}>;


export type CompleteRulesQuery = { qosRules: { nodes: Array<{ id: string, tenantId: string, networkId: string | null, portId: string, direction: Direction }> } };

export type CompleteAgentsQueryVariables = Exact<{
  first: number;
}>;


export type CompleteAgentsQuery = { agents: { nodes: Array<{ id: string, host: string, alive: boolean }> } };

export type CompletePortsQueryVariables = Exact<{
  first: number;
}>;


export type CompletePortsQuery = { ports: { nodes: Array<{ id: string, name: string | null, tenantId: string | null, networkId: string | null }> } };

export type ListAuditLogQueryVariables = Exact<{
  filter?: AuditFilter | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type ListAuditLogQuery = { auditLog: { totalCount: number, nodes: Array<{ id: string, at: string, actor: string, address: string | null, action: string, objectId: string, tenantId: string | null, before: Record<string, unknown> | null, after: Record<string, unknown> | null }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } };

export type ListCredentialsQueryVariables = Exact<{
  filter?: AgentCredentialFilter | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type ListCredentialsQuery = { agentCredentials: { totalCount: number, nodes: Array<{ id: string, host: string, enrolledAt: string, renewedAt: string | null, expiresAt: string, revokedAt: string | null, revokedReason: string | null }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } };

export type FindCredentialCursorQueryVariables = Exact<{
  filter?: AgentCredentialFilter | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type FindCredentialCursorQuery = { agentCredentials: { edges: Array<{ cursor: string, node: { id: string } }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } };

export type CreateEnrolmentTokenMutationVariables = Exact<{
  input: CreateEnrolmentTokenInput;
}>;


export type CreateEnrolmentTokenMutation = { createEnrolmentToken: { id: string, token: string, expiresAt: string } };

export type RevokeCredentialMutationVariables = Exact<{
  input: RevokeCredentialInput;
}>;


export type RevokeCredentialMutation = { revokeCredential: { revokedId: string } };

export type CompleteCredentialsQueryVariables = Exact<{
  first: number;
}>;


export type CompleteCredentialsQuery = { agentCredentials: { nodes: Array<{ id: string, host: string, revokedAt: string | null }> } };

export type QuotaRowFragment = { tenantId: string, maxRules: number, usedRules: number, isDefault: boolean };

export type ListQuotasQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
}>;


export type ListQuotasQuery = { tenantQuotas: { totalCount: number, nodes: Array<{ tenantId: string, maxRules: number, usedRules: number, isDefault: boolean }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } };

export type ShowQuotaQueryVariables = Exact<{
  tenantId?: string | null | undefined;
}>;


export type ShowQuotaQuery = { tenantQuota: { tenantId: string, maxRules: number, usedRules: number, isDefault: boolean } };

export type SetQuotaMutationVariables = Exact<{
  input: SetTenantQuotaInput;
}>;


export type SetQuotaMutation = { setTenantQuota: { tenantQuota: { tenantId: string, maxRules: number, usedRules: number, isDefault: boolean } } };

export type DeleteQuotaMutationVariables = Exact<{
  input: DeleteTenantQuotaInput;
}>;


export type DeleteQuotaMutation = { deleteTenantQuota: { tenantQuota: { tenantId: string, maxRules: number, usedRules: number, isDefault: boolean } } };

export type QosRuleFieldsFragment = { id: string, tenantId: string, networkId: string | null, portId: string, direction: Direction, maxKbps: number | null, maxBurstKbps: number | null, maxKpps: number | null, maxBurstKpps: number | null, minKbps: number | null, dscpMark: number | null, description: string | null, version: number, createdAt: string, updatedAt: string };

export type BindingFieldsFragment = { portId: string, direction: Direction, host: string, ruleId: string, status: BindingStatus, stale: boolean, message: string | null, requestedAt: string, appliedAt: string | null, programmed: { mechanism: string, maxKbps: number | null, maxBurstKbps: number | null, maxKpps: number | null, maxBurstKpps: number | null, minKbps: number | null, dscpMark: number | null } | null };

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


export type QosRuleQuery = { qosRule: { id: string, tenantId: string, networkId: string | null, portId: string, direction: Direction, maxKbps: number | null, maxBurstKbps: number | null, maxKpps: number | null, maxBurstKpps: number | null, minKbps: number | null, dscpMark: number | null, description: string | null, version: number, createdAt: string, updatedAt: string, bindings: Array<{ portId: string, direction: Direction, host: string, ruleId: string, status: BindingStatus, stale: boolean, message: string | null, requestedAt: string, appliedAt: string | null, programmed: { mechanism: string, maxKbps: number | null, maxBurstKbps: number | null, maxKpps: number | null, maxBurstKpps: number | null, minKbps: number | null, dscpMark: number | null } | null }> } | null };

export type QosUsageQueryVariables = Exact<{
  filter?: QosAgentBindingFilter | null | undefined;
}>;


export type QosUsageQuery = { qosAgentBindings: { nodes: Array<{ portId: string, direction: Direction, host: string, ruleId: string, usage: { bytes: string | null, packets: string, droppedBytes: string | null, droppedPackets: string | null, since: string | null, at: string } | null }> } };

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

export const PortLimitFieldsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PortLimitFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PortLimit"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"ruleId"}},{"kind":"Field","name":{"kind":"Name","value":"ruleVersion"}},{"kind":"Field","name":{"kind":"Name","value":"maxKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxKpps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKpps"}},{"kind":"Field","name":{"kind":"Name","value":"minKbps"}},{"kind":"Field","name":{"kind":"Name","value":"dscpMark"}}]}}]} as unknown as DocumentNode<PortLimitFieldsFragment, unknown>;
export const PortQosFieldsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PortQosFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PortQos"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"portId"}},{"kind":"Field","name":{"kind":"Name","value":"egress"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PortLimitFields"}}]}},{"kind":"Field","name":{"kind":"Name","value":"ingress"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PortLimitFields"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PortLimitFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PortLimit"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"ruleId"}},{"kind":"Field","name":{"kind":"Name","value":"ruleVersion"}},{"kind":"Field","name":{"kind":"Name","value":"maxKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxKpps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKpps"}},{"kind":"Field","name":{"kind":"Name","value":"minKbps"}},{"kind":"Field","name":{"kind":"Name","value":"dscpMark"}}]}}]} as unknown as DocumentNode<PortQosFieldsFragment, unknown>;
export const QosRuleFieldsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"QosRuleFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QosRule"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"tenantId"}},{"kind":"Field","name":{"kind":"Name","value":"networkId"}},{"kind":"Field","name":{"kind":"Name","value":"portId"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"maxKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxKpps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKpps"}},{"kind":"Field","name":{"kind":"Name","value":"minKbps"}},{"kind":"Field","name":{"kind":"Name","value":"dscpMark"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}}]}}]} as unknown as DocumentNode<QosRuleFieldsFragment, unknown>;
export const BindingFieldsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"BindingFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QosAgentBinding"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"portId"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"host"}},{"kind":"Field","name":{"kind":"Name","value":"ruleId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"stale"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"programmed"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"mechanism"}},{"kind":"Field","name":{"kind":"Name","value":"maxKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxKpps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKpps"}},{"kind":"Field","name":{"kind":"Name","value":"minKbps"}},{"kind":"Field","name":{"kind":"Name","value":"dscpMark"}}]}},{"kind":"Field","name":{"kind":"Name","value":"requestedAt"}},{"kind":"Field","name":{"kind":"Name","value":"appliedAt"}}]}}]} as unknown as DocumentNode<BindingFieldsFragment, unknown>;
export const RuleRowFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"RuleRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QosRule"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"QosRuleFields"}},{"kind":"Field","name":{"kind":"Name","value":"bindings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"BindingFields"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"QosRuleFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QosRule"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"tenantId"}},{"kind":"Field","name":{"kind":"Name","value":"networkId"}},{"kind":"Field","name":{"kind":"Name","value":"portId"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"maxKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxKpps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKpps"}},{"kind":"Field","name":{"kind":"Name","value":"minKbps"}},{"kind":"Field","name":{"kind":"Name","value":"dscpMark"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"BindingFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QosAgentBinding"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"portId"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"host"}},{"kind":"Field","name":{"kind":"Name","value":"ruleId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"stale"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"programmed"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"mechanism"}},{"kind":"Field","name":{"kind":"Name","value":"maxKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxKpps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKpps"}},{"kind":"Field","name":{"kind":"Name","value":"minKbps"}},{"kind":"Field","name":{"kind":"Name","value":"dscpMark"}}]}},{"kind":"Field","name":{"kind":"Name","value":"requestedAt"}},{"kind":"Field","name":{"kind":"Name","value":"appliedAt"}}]}}]} as unknown as DocumentNode<RuleRowFragment, unknown>;
export const UsageFieldsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"UsageFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Usage"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"bytes"}},{"kind":"Field","name":{"kind":"Name","value":"packets"}},{"kind":"Field","name":{"kind":"Name","value":"droppedBytes"}},{"kind":"Field","name":{"kind":"Name","value":"droppedPackets"}},{"kind":"Field","name":{"kind":"Name","value":"since"}},{"kind":"Field","name":{"kind":"Name","value":"at"}}]}}]} as unknown as DocumentNode<UsageFieldsFragment, unknown>;
export const AgentRowFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"AgentRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Agent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"host"}},{"kind":"Field","name":{"kind":"Name","value":"agentType"}},{"kind":"Field","name":{"kind":"Name","value":"binary"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"adminStateUp"}},{"kind":"Field","name":{"kind":"Name","value":"alive"}},{"kind":"Field","name":{"kind":"Name","value":"connected"}},{"kind":"Field","name":{"kind":"Name","value":"configurations"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"heartbeatAt"}},{"kind":"Field","name":{"kind":"Name","value":"desired"}},{"kind":"Field","name":{"kind":"Name","value":"confirmed"}}]}}]} as unknown as DocumentNode<AgentRowFragment, unknown>;
export const PortRowFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PortRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Port"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"tenantId"}},{"kind":"Field","name":{"kind":"Name","value":"networkId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"bindings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"host"}},{"kind":"Field","name":{"kind":"Name","value":"bound"}},{"kind":"Field","name":{"kind":"Name","value":"plugged"}},{"kind":"Field","name":{"kind":"Name","value":"settled"}},{"kind":"Field","name":{"kind":"Name","value":"removalFault"}},{"kind":"Field","name":{"kind":"Name","value":"interfaceName"}},{"kind":"Field","name":{"kind":"Name","value":"boundAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"rules"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}}]}}]}}]} as unknown as DocumentNode<PortRowFragment, unknown>;
export const QuotaRowFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"QuotaRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"TenantQuota"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"tenantId"}},{"kind":"Field","name":{"kind":"Name","value":"maxRules"}},{"kind":"Field","name":{"kind":"Name","value":"usedRules"}},{"kind":"Field","name":{"kind":"Name","value":"isDefault"}}]}}]} as unknown as DocumentNode<QuotaRowFragment, unknown>;
export const HostQosChangesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"HostQosChanges"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"host"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"since"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Cursor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hostQosChanges"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"host"},"value":{"kind":"Variable","name":{"kind":"Name","value":"host"}}},{"kind":"Argument","name":{"kind":"Name","value":"since"},"value":{"kind":"Variable","name":{"kind":"Name","value":"since"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"from"}},{"kind":"Field","name":{"kind":"Name","value":"to"}},{"kind":"Field","name":{"kind":"Name","value":"more"}},{"kind":"Field","name":{"kind":"Name","value":"adminStateUp"}},{"kind":"Field","name":{"kind":"Name","value":"traceparent"}},{"kind":"Field","name":{"kind":"Name","value":"ports"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PortQosFields"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PortLimitFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PortLimit"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"ruleId"}},{"kind":"Field","name":{"kind":"Name","value":"ruleVersion"}},{"kind":"Field","name":{"kind":"Name","value":"maxKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxKpps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKpps"}},{"kind":"Field","name":{"kind":"Name","value":"minKbps"}},{"kind":"Field","name":{"kind":"Name","value":"dscpMark"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PortQosFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PortQos"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"portId"}},{"kind":"Field","name":{"kind":"Name","value":"egress"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PortLimitFields"}}]}},{"kind":"Field","name":{"kind":"Name","value":"ingress"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PortLimitFields"}}]}}]}}]} as unknown as DocumentNode<HostQosChangesSubscription, HostQosChangesSubscriptionVariables>;
export const AgentHeartbeatDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"AgentHeartbeat"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"AgentHeartbeatInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"agentHeartbeat"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"desired"}},{"kind":"Field","name":{"kind":"Name","value":"intervalMs"}}]}}]}}]} as unknown as DocumentNode<AgentHeartbeatMutation, AgentHeartbeatMutationVariables>;
export const ReportPortsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ReportPorts"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ReportPortsInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reportPorts"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"accepted"}},{"kind":"Field","name":{"kind":"Name","value":"refused"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"portId"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<ReportPortsMutation, ReportPortsMutationVariables>;
export const ReportQosDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ReportQos"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ReportQosInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reportQos"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"accepted"}}]}}]}}]} as unknown as DocumentNode<ReportQosMutation, ReportQosMutationVariables>;
export const ReportUsageDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ReportUsage"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ReportUsageInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reportUsage"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"accepted"}},{"kind":"Field","name":{"kind":"Name","value":"since"}}]}}]}}]} as unknown as DocumentNode<ReportUsageMutation, ReportUsageMutationVariables>;
export const RenewCredentialDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RenewCredential"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"renewCredential"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"token"}},{"kind":"Field","name":{"kind":"Name","value":"lifetimeMs"}}]}}]}}]} as unknown as DocumentNode<RenewCredentialMutation, RenewCredentialMutationVariables>;
export const HostQosDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"HostQos"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"host"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hostQos"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"host"},"value":{"kind":"Variable","name":{"kind":"Name","value":"host"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"from"}},{"kind":"Field","name":{"kind":"Name","value":"to"}},{"kind":"Field","name":{"kind":"Name","value":"more"}},{"kind":"Field","name":{"kind":"Name","value":"adminStateUp"}},{"kind":"Field","name":{"kind":"Name","value":"ports"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PortQosFields"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PortLimitFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PortLimit"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"ruleId"}},{"kind":"Field","name":{"kind":"Name","value":"ruleVersion"}},{"kind":"Field","name":{"kind":"Name","value":"maxKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxKpps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKpps"}},{"kind":"Field","name":{"kind":"Name","value":"minKbps"}},{"kind":"Field","name":{"kind":"Name","value":"dscpMark"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PortQosFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PortQos"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"portId"}},{"kind":"Field","name":{"kind":"Name","value":"egress"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PortLimitFields"}}]}},{"kind":"Field","name":{"kind":"Name","value":"ingress"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PortLimitFields"}}]}}]}}]} as unknown as DocumentNode<HostQosQuery, HostQosQueryVariables>;
export const ListRulesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ListRules"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"QosRuleFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}},"type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"QosRuleOrder"}}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"qosRules"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"RuleRow"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}}]}},{"kind":"Field","name":{"kind":"Name","value":"totalCount"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"QosRuleFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QosRule"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"tenantId"}},{"kind":"Field","name":{"kind":"Name","value":"networkId"}},{"kind":"Field","name":{"kind":"Name","value":"portId"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"maxKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxKpps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKpps"}},{"kind":"Field","name":{"kind":"Name","value":"minKbps"}},{"kind":"Field","name":{"kind":"Name","value":"dscpMark"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"BindingFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QosAgentBinding"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"portId"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"host"}},{"kind":"Field","name":{"kind":"Name","value":"ruleId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"stale"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"programmed"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"mechanism"}},{"kind":"Field","name":{"kind":"Name","value":"maxKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxKpps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKpps"}},{"kind":"Field","name":{"kind":"Name","value":"minKbps"}},{"kind":"Field","name":{"kind":"Name","value":"dscpMark"}}]}},{"kind":"Field","name":{"kind":"Name","value":"requestedAt"}},{"kind":"Field","name":{"kind":"Name","value":"appliedAt"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"RuleRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QosRule"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"QosRuleFields"}},{"kind":"Field","name":{"kind":"Name","value":"bindings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"BindingFields"}}]}}]}}]} as unknown as DocumentNode<ListRulesQuery, ListRulesQueryVariables>;
export const FindRuleCursorDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"FindRuleCursor"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"QosRuleFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}},"type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"QosRuleOrder"}}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"qosRules"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}}]}}]}}]}}]} as unknown as DocumentNode<FindRuleCursorQuery, FindRuleCursorQueryVariables>;
export const ShowRuleDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ShowRule"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UUID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"qosRule"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"RuleRow"}},{"kind":"Field","name":{"kind":"Name","value":"bindings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"usage"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"UsageFields"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"QosRuleFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QosRule"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"tenantId"}},{"kind":"Field","name":{"kind":"Name","value":"networkId"}},{"kind":"Field","name":{"kind":"Name","value":"portId"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"maxKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxKpps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKpps"}},{"kind":"Field","name":{"kind":"Name","value":"minKbps"}},{"kind":"Field","name":{"kind":"Name","value":"dscpMark"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"BindingFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QosAgentBinding"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"portId"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"host"}},{"kind":"Field","name":{"kind":"Name","value":"ruleId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"stale"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"programmed"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"mechanism"}},{"kind":"Field","name":{"kind":"Name","value":"maxKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxKpps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKpps"}},{"kind":"Field","name":{"kind":"Name","value":"minKbps"}},{"kind":"Field","name":{"kind":"Name","value":"dscpMark"}}]}},{"kind":"Field","name":{"kind":"Name","value":"requestedAt"}},{"kind":"Field","name":{"kind":"Name","value":"appliedAt"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"RuleRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QosRule"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"QosRuleFields"}},{"kind":"Field","name":{"kind":"Name","value":"bindings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"BindingFields"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"UsageFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Usage"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"bytes"}},{"kind":"Field","name":{"kind":"Name","value":"packets"}},{"kind":"Field","name":{"kind":"Name","value":"droppedBytes"}},{"kind":"Field","name":{"kind":"Name","value":"droppedPackets"}},{"kind":"Field","name":{"kind":"Name","value":"since"}},{"kind":"Field","name":{"kind":"Name","value":"at"}}]}}]} as unknown as DocumentNode<ShowRuleQuery, ShowRuleQueryVariables>;
export const RuleProgressDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"RuleProgress"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"QosRuleFilter"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"qosRules"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"portId"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"bindings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"host"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"stale"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]}}]} as unknown as DocumentNode<RuleProgressQuery, RuleProgressQueryVariables>;
export const PortProgressDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"PortProgress"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"PortFilter"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"ports"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"bindings"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"includeRemoved"},"value":{"kind":"BooleanValue","value":true}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"host"}},{"kind":"Field","name":{"kind":"Name","value":"removed"}},{"kind":"Field","name":{"kind":"Name","value":"settled"}},{"kind":"Field","name":{"kind":"Name","value":"removalFault"}}]}},{"kind":"Field","name":{"kind":"Name","value":"rules"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]}}]}}]} as unknown as DocumentNode<PortProgressQuery, PortProgressQueryVariables>;
export const RuleHintsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"RuleHints"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"QosRuleFilter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"qosRuleEvents"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}}]}}]}}]} as unknown as DocumentNode<RuleHintsSubscription, RuleHintsSubscriptionVariables>;
export const WatchRulesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"WatchRules"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"QosRuleFilter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"qosRuleEvents"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","alias":{"kind":"Name","value":"id"},"name":{"kind":"Name","value":"qosRuleId"}},{"kind":"Field","alias":{"kind":"Name","value":"row"},"name":{"kind":"Name","value":"qosRule"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"RuleRow"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"QosRuleFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QosRule"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"tenantId"}},{"kind":"Field","name":{"kind":"Name","value":"networkId"}},{"kind":"Field","name":{"kind":"Name","value":"portId"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"maxKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxKpps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKpps"}},{"kind":"Field","name":{"kind":"Name","value":"minKbps"}},{"kind":"Field","name":{"kind":"Name","value":"dscpMark"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"BindingFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QosAgentBinding"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"portId"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"host"}},{"kind":"Field","name":{"kind":"Name","value":"ruleId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"stale"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"programmed"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"mechanism"}},{"kind":"Field","name":{"kind":"Name","value":"maxKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxKpps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKpps"}},{"kind":"Field","name":{"kind":"Name","value":"minKbps"}},{"kind":"Field","name":{"kind":"Name","value":"dscpMark"}}]}},{"kind":"Field","name":{"kind":"Name","value":"requestedAt"}},{"kind":"Field","name":{"kind":"Name","value":"appliedAt"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"RuleRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QosRule"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"QosRuleFields"}},{"kind":"Field","name":{"kind":"Name","value":"bindings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"BindingFields"}}]}}]}}]} as unknown as DocumentNode<WatchRulesSubscription, WatchRulesSubscriptionVariables>;
export const ListAgentsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ListAgents"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"AgentFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"agents"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"AgentRow"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}}]}},{"kind":"Field","name":{"kind":"Name","value":"totalCount"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"AgentRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Agent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"host"}},{"kind":"Field","name":{"kind":"Name","value":"agentType"}},{"kind":"Field","name":{"kind":"Name","value":"binary"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"adminStateUp"}},{"kind":"Field","name":{"kind":"Name","value":"alive"}},{"kind":"Field","name":{"kind":"Name","value":"connected"}},{"kind":"Field","name":{"kind":"Name","value":"configurations"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"heartbeatAt"}},{"kind":"Field","name":{"kind":"Name","value":"desired"}},{"kind":"Field","name":{"kind":"Name","value":"confirmed"}}]}}]} as unknown as DocumentNode<ListAgentsQuery, ListAgentsQueryVariables>;
export const FindAgentCursorDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"FindAgentCursor"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"AgentFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"agents"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}}]}}]}}]}}]} as unknown as DocumentNode<FindAgentCursorQuery, FindAgentCursorQueryVariables>;
export const ShowAgentDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ShowAgent"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"UUID"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"host"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"agent"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}},{"kind":"Argument","name":{"kind":"Name","value":"host"},"value":{"kind":"Variable","name":{"kind":"Name","value":"host"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"AgentRow"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"AgentRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Agent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"host"}},{"kind":"Field","name":{"kind":"Name","value":"agentType"}},{"kind":"Field","name":{"kind":"Name","value":"binary"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"adminStateUp"}},{"kind":"Field","name":{"kind":"Name","value":"alive"}},{"kind":"Field","name":{"kind":"Name","value":"connected"}},{"kind":"Field","name":{"kind":"Name","value":"configurations"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"heartbeatAt"}},{"kind":"Field","name":{"kind":"Name","value":"desired"}},{"kind":"Field","name":{"kind":"Name","value":"confirmed"}}]}}]} as unknown as DocumentNode<ShowAgentQuery, ShowAgentQueryVariables>;
export const SetAgentDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SetAgent"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateAgentInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"updateAgent"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"agent"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"AgentRow"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"AgentRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Agent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"host"}},{"kind":"Field","name":{"kind":"Name","value":"agentType"}},{"kind":"Field","name":{"kind":"Name","value":"binary"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"adminStateUp"}},{"kind":"Field","name":{"kind":"Name","value":"alive"}},{"kind":"Field","name":{"kind":"Name","value":"connected"}},{"kind":"Field","name":{"kind":"Name","value":"configurations"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"heartbeatAt"}},{"kind":"Field","name":{"kind":"Name","value":"desired"}},{"kind":"Field","name":{"kind":"Name","value":"confirmed"}}]}}]} as unknown as DocumentNode<SetAgentMutation, SetAgentMutationVariables>;
export const DeleteAgentDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DeleteAgent"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DeleteAgentInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deleteAgent"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deletedId"}}]}}]}}]} as unknown as DocumentNode<DeleteAgentMutation, DeleteAgentMutationVariables>;
export const WatchAgentsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"WatchAgents"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"agentEvents"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","alias":{"kind":"Name","value":"id"},"name":{"kind":"Name","value":"agentId"}},{"kind":"Field","alias":{"kind":"Name","value":"row"},"name":{"kind":"Name","value":"agent"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"AgentRow"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"AgentRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Agent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"host"}},{"kind":"Field","name":{"kind":"Name","value":"agentType"}},{"kind":"Field","name":{"kind":"Name","value":"binary"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"adminStateUp"}},{"kind":"Field","name":{"kind":"Name","value":"alive"}},{"kind":"Field","name":{"kind":"Name","value":"connected"}},{"kind":"Field","name":{"kind":"Name","value":"configurations"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"heartbeatAt"}},{"kind":"Field","name":{"kind":"Name","value":"desired"}},{"kind":"Field","name":{"kind":"Name","value":"confirmed"}}]}}]} as unknown as DocumentNode<WatchAgentsSubscription, WatchAgentsSubscriptionVariables>;
export const ListPortsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ListPorts"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"PortFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"ports"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PortRow"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}}]}},{"kind":"Field","name":{"kind":"Name","value":"totalCount"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PortRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Port"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"tenantId"}},{"kind":"Field","name":{"kind":"Name","value":"networkId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"bindings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"host"}},{"kind":"Field","name":{"kind":"Name","value":"bound"}},{"kind":"Field","name":{"kind":"Name","value":"plugged"}},{"kind":"Field","name":{"kind":"Name","value":"settled"}},{"kind":"Field","name":{"kind":"Name","value":"removalFault"}},{"kind":"Field","name":{"kind":"Name","value":"interfaceName"}},{"kind":"Field","name":{"kind":"Name","value":"boundAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"rules"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}}]}}]}}]} as unknown as DocumentNode<ListPortsQuery, ListPortsQueryVariables>;
export const FindPortCursorDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"FindPortCursor"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"PortFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"ports"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}}]}}]}}]}}]} as unknown as DocumentNode<FindPortCursorQuery, FindPortCursorQueryVariables>;
export const ShowPortDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ShowPort"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UUID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"port"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PortRow"}},{"kind":"Field","name":{"kind":"Name","value":"rules"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"RuleRow"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"QosRuleFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QosRule"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"tenantId"}},{"kind":"Field","name":{"kind":"Name","value":"networkId"}},{"kind":"Field","name":{"kind":"Name","value":"portId"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"maxKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxKpps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKpps"}},{"kind":"Field","name":{"kind":"Name","value":"minKbps"}},{"kind":"Field","name":{"kind":"Name","value":"dscpMark"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"BindingFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QosAgentBinding"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"portId"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"host"}},{"kind":"Field","name":{"kind":"Name","value":"ruleId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"stale"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"programmed"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"mechanism"}},{"kind":"Field","name":{"kind":"Name","value":"maxKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxKpps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKpps"}},{"kind":"Field","name":{"kind":"Name","value":"minKbps"}},{"kind":"Field","name":{"kind":"Name","value":"dscpMark"}}]}},{"kind":"Field","name":{"kind":"Name","value":"requestedAt"}},{"kind":"Field","name":{"kind":"Name","value":"appliedAt"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PortRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Port"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"tenantId"}},{"kind":"Field","name":{"kind":"Name","value":"networkId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"bindings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"host"}},{"kind":"Field","name":{"kind":"Name","value":"bound"}},{"kind":"Field","name":{"kind":"Name","value":"plugged"}},{"kind":"Field","name":{"kind":"Name","value":"settled"}},{"kind":"Field","name":{"kind":"Name","value":"removalFault"}},{"kind":"Field","name":{"kind":"Name","value":"interfaceName"}},{"kind":"Field","name":{"kind":"Name","value":"boundAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"rules"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"RuleRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QosRule"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"QosRuleFields"}},{"kind":"Field","name":{"kind":"Name","value":"bindings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"BindingFields"}}]}}]}}]} as unknown as DocumentNode<ShowPortQuery, ShowPortQueryVariables>;
export const ListHostBindingsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ListHostBindings"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"QosAgentBindingFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"qosAgentBindings"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"BindingFields"}},{"kind":"Field","name":{"kind":"Name","value":"usage"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"UsageFields"}}]}},{"kind":"Field","name":{"kind":"Name","value":"rule"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"QosRuleFields"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}}]}},{"kind":"Field","name":{"kind":"Name","value":"totalCount"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"BindingFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QosAgentBinding"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"portId"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"host"}},{"kind":"Field","name":{"kind":"Name","value":"ruleId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"stale"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"programmed"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"mechanism"}},{"kind":"Field","name":{"kind":"Name","value":"maxKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxKpps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKpps"}},{"kind":"Field","name":{"kind":"Name","value":"minKbps"}},{"kind":"Field","name":{"kind":"Name","value":"dscpMark"}}]}},{"kind":"Field","name":{"kind":"Name","value":"requestedAt"}},{"kind":"Field","name":{"kind":"Name","value":"appliedAt"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"UsageFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Usage"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"bytes"}},{"kind":"Field","name":{"kind":"Name","value":"packets"}},{"kind":"Field","name":{"kind":"Name","value":"droppedBytes"}},{"kind":"Field","name":{"kind":"Name","value":"droppedPackets"}},{"kind":"Field","name":{"kind":"Name","value":"since"}},{"kind":"Field","name":{"kind":"Name","value":"at"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"QosRuleFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QosRule"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"tenantId"}},{"kind":"Field","name":{"kind":"Name","value":"networkId"}},{"kind":"Field","name":{"kind":"Name","value":"portId"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"maxKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxKpps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKpps"}},{"kind":"Field","name":{"kind":"Name","value":"minKbps"}},{"kind":"Field","name":{"kind":"Name","value":"dscpMark"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}}]}}]} as unknown as DocumentNode<ListHostBindingsQuery, ListHostBindingsQueryVariables>;
export const ShowExtensionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ShowExtension"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"extension"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"alias"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"namespace"}},{"kind":"Field","name":{"kind":"Name","value":"updated"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"drivers"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"driver"}},{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"directions"}},{"kind":"Field","name":{"kind":"Name","value":"minimum"}},{"kind":"Field","name":{"kind":"Name","value":"maximum"}},{"kind":"Field","name":{"kind":"Name","value":"values"}}]}}]}}]}}]}}]} as unknown as DocumentNode<ShowExtensionQuery, ShowExtensionQueryVariables>;
export const CompleteRulesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"CompleteRules"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"qosRules"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"tenantId"}},{"kind":"Field","name":{"kind":"Name","value":"networkId"}},{"kind":"Field","name":{"kind":"Name","value":"portId"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}}]}}]}}]}}]} as unknown as DocumentNode<CompleteRulesQuery, CompleteRulesQueryVariables>;
export const CompleteAgentsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"CompleteAgents"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"agents"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"host"}},{"kind":"Field","name":{"kind":"Name","value":"alive"}}]}}]}}]}}]} as unknown as DocumentNode<CompleteAgentsQuery, CompleteAgentsQueryVariables>;
export const CompletePortsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"CompletePorts"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"ports"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"tenantId"}},{"kind":"Field","name":{"kind":"Name","value":"networkId"}}]}}]}}]}}]} as unknown as DocumentNode<CompletePortsQuery, CompletePortsQueryVariables>;
export const ListAuditLogDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ListAuditLog"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"AuditFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"auditLog"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"actor"}},{"kind":"Field","name":{"kind":"Name","value":"address"}},{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"objectId"}},{"kind":"Field","name":{"kind":"Name","value":"tenantId"}},{"kind":"Field","name":{"kind":"Name","value":"before"}},{"kind":"Field","name":{"kind":"Name","value":"after"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}}]}},{"kind":"Field","name":{"kind":"Name","value":"totalCount"}}]}}]}}]} as unknown as DocumentNode<ListAuditLogQuery, ListAuditLogQueryVariables>;
export const ListCredentialsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ListCredentials"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"AgentCredentialFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"agentCredentials"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"host"}},{"kind":"Field","name":{"kind":"Name","value":"enrolledAt"}},{"kind":"Field","name":{"kind":"Name","value":"renewedAt"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"revokedAt"}},{"kind":"Field","name":{"kind":"Name","value":"revokedReason"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}}]}},{"kind":"Field","name":{"kind":"Name","value":"totalCount"}}]}}]}}]} as unknown as DocumentNode<ListCredentialsQuery, ListCredentialsQueryVariables>;
export const FindCredentialCursorDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"FindCredentialCursor"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"AgentCredentialFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"agentCredentials"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}}]}}]}}]}}]} as unknown as DocumentNode<FindCredentialCursorQuery, FindCredentialCursorQueryVariables>;
export const CreateEnrolmentTokenDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateEnrolmentToken"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateEnrolmentTokenInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createEnrolmentToken"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"token"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}}]}}]}}]} as unknown as DocumentNode<CreateEnrolmentTokenMutation, CreateEnrolmentTokenMutationVariables>;
export const RevokeCredentialDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RevokeCredential"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RevokeCredentialInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"revokeCredential"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"revokedId"}}]}}]}}]} as unknown as DocumentNode<RevokeCredentialMutation, RevokeCredentialMutationVariables>;
export const CompleteCredentialsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"CompleteCredentials"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"agentCredentials"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"host"}},{"kind":"Field","name":{"kind":"Name","value":"revokedAt"}}]}}]}}]}}]} as unknown as DocumentNode<CompleteCredentialsQuery, CompleteCredentialsQueryVariables>;
export const ListQuotasDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ListQuotas"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"tenantQuotas"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"QuotaRow"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}}]}},{"kind":"Field","name":{"kind":"Name","value":"totalCount"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"QuotaRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"TenantQuota"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"tenantId"}},{"kind":"Field","name":{"kind":"Name","value":"maxRules"}},{"kind":"Field","name":{"kind":"Name","value":"usedRules"}},{"kind":"Field","name":{"kind":"Name","value":"isDefault"}}]}}]} as unknown as DocumentNode<ListQuotasQuery, ListQuotasQueryVariables>;
export const ShowQuotaDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ShowQuota"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"tenantId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"tenantQuota"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"tenantId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"tenantId"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"QuotaRow"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"QuotaRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"TenantQuota"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"tenantId"}},{"kind":"Field","name":{"kind":"Name","value":"maxRules"}},{"kind":"Field","name":{"kind":"Name","value":"usedRules"}},{"kind":"Field","name":{"kind":"Name","value":"isDefault"}}]}}]} as unknown as DocumentNode<ShowQuotaQuery, ShowQuotaQueryVariables>;
export const SetQuotaDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SetQuota"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SetTenantQuotaInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"setTenantQuota"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"tenantQuota"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"QuotaRow"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"QuotaRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"TenantQuota"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"tenantId"}},{"kind":"Field","name":{"kind":"Name","value":"maxRules"}},{"kind":"Field","name":{"kind":"Name","value":"usedRules"}},{"kind":"Field","name":{"kind":"Name","value":"isDefault"}}]}}]} as unknown as DocumentNode<SetQuotaMutation, SetQuotaMutationVariables>;
export const DeleteQuotaDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DeleteQuota"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DeleteTenantQuotaInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deleteTenantQuota"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"tenantQuota"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"QuotaRow"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"QuotaRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"TenantQuota"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"tenantId"}},{"kind":"Field","name":{"kind":"Name","value":"maxRules"}},{"kind":"Field","name":{"kind":"Name","value":"usedRules"}},{"kind":"Field","name":{"kind":"Name","value":"isDefault"}}]}}]} as unknown as DocumentNode<DeleteQuotaMutation, DeleteQuotaMutationVariables>;
export const CreateQosRuleDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateQosRule"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateQosRuleInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createQosRule"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"qosRule"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"QosRuleFields"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"QosRuleFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QosRule"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"tenantId"}},{"kind":"Field","name":{"kind":"Name","value":"networkId"}},{"kind":"Field","name":{"kind":"Name","value":"portId"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"maxKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxKpps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKpps"}},{"kind":"Field","name":{"kind":"Name","value":"minKbps"}},{"kind":"Field","name":{"kind":"Name","value":"dscpMark"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}}]}}]} as unknown as DocumentNode<CreateQosRuleMutation, CreateQosRuleMutationVariables>;
export const UpdateQosRuleDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UpdateQosRule"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateQosRuleInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"updateQosRule"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"qosRule"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"QosRuleFields"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"QosRuleFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QosRule"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"tenantId"}},{"kind":"Field","name":{"kind":"Name","value":"networkId"}},{"kind":"Field","name":{"kind":"Name","value":"portId"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"maxKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxKpps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKpps"}},{"kind":"Field","name":{"kind":"Name","value":"minKbps"}},{"kind":"Field","name":{"kind":"Name","value":"dscpMark"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}}]}}]} as unknown as DocumentNode<UpdateQosRuleMutation, UpdateQosRuleMutationVariables>;
export const DeleteQosRuleDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DeleteQosRule"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DeleteQosRuleInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deleteQosRule"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deletedId"}}]}}]}}]} as unknown as DocumentNode<DeleteQosRuleMutation, DeleteQosRuleMutationVariables>;
export const ApplyQosRulesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ApplyQosRules"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ApplyQosRulesInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"applyQosRules"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"created"}},{"kind":"Field","name":{"kind":"Name","value":"updated"}},{"kind":"Field","name":{"kind":"Name","value":"unchanged"}},{"kind":"Field","name":{"kind":"Name","value":"deleted"}},{"kind":"Field","name":{"kind":"Name","value":"qosRules"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"QosRuleFields"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"QosRuleFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QosRule"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"tenantId"}},{"kind":"Field","name":{"kind":"Name","value":"networkId"}},{"kind":"Field","name":{"kind":"Name","value":"portId"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"maxKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxKpps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKpps"}},{"kind":"Field","name":{"kind":"Name","value":"minKbps"}},{"kind":"Field","name":{"kind":"Name","value":"dscpMark"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}}]}}]} as unknown as DocumentNode<ApplyQosRulesMutation, ApplyQosRulesMutationVariables>;
export const BindPortDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"BindPort"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"BindPortInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"bindPort"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"port"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]}}]} as unknown as DocumentNode<BindPortMutation, BindPortMutationVariables>;
export const UnbindPortDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UnbindPort"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UnbindPortInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"unbindPort"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"port"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]}}]} as unknown as DocumentNode<UnbindPortMutation, UnbindPortMutationVariables>;
export const UpdateAgentDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UpdateAgent"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateAgentInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"updateAgent"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"agent"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"adminStateUp"}}]}}]}}]}}]} as unknown as DocumentNode<UpdateAgentMutation, UpdateAgentMutationVariables>;
export const QosRuleDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"QosRule"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UUID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"qosRule"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"QosRuleFields"}},{"kind":"Field","name":{"kind":"Name","value":"bindings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"BindingFields"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"QosRuleFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QosRule"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"tenantId"}},{"kind":"Field","name":{"kind":"Name","value":"networkId"}},{"kind":"Field","name":{"kind":"Name","value":"portId"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"maxKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxKpps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKpps"}},{"kind":"Field","name":{"kind":"Name","value":"minKbps"}},{"kind":"Field","name":{"kind":"Name","value":"dscpMark"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"BindingFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QosAgentBinding"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"portId"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"host"}},{"kind":"Field","name":{"kind":"Name","value":"ruleId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"stale"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"programmed"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"mechanism"}},{"kind":"Field","name":{"kind":"Name","value":"maxKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxKpps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKpps"}},{"kind":"Field","name":{"kind":"Name","value":"minKbps"}},{"kind":"Field","name":{"kind":"Name","value":"dscpMark"}}]}},{"kind":"Field","name":{"kind":"Name","value":"requestedAt"}},{"kind":"Field","name":{"kind":"Name","value":"appliedAt"}}]}}]} as unknown as DocumentNode<QosRuleQuery, QosRuleQueryVariables>;
export const QosUsageDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"QosUsage"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"QosAgentBindingFilter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"qosAgentBindings"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"portId"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"host"}},{"kind":"Field","name":{"kind":"Name","value":"ruleId"}},{"kind":"Field","name":{"kind":"Name","value":"usage"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"bytes"}},{"kind":"Field","name":{"kind":"Name","value":"packets"}},{"kind":"Field","name":{"kind":"Name","value":"droppedBytes"}},{"kind":"Field","name":{"kind":"Name","value":"droppedPackets"}},{"kind":"Field","name":{"kind":"Name","value":"since"}},{"kind":"Field","name":{"kind":"Name","value":"at"}}]}}]}}]}}]}}]} as unknown as DocumentNode<QosUsageQuery, QosUsageQueryVariables>;
export const QosRulesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"QosRules"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"QosRuleFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}},"type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"QosRuleOrder"}}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"last"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"before"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"qosRules"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"last"},"value":{"kind":"Variable","name":{"kind":"Name","value":"last"}}},{"kind":"Argument","name":{"kind":"Name","value":"before"},"value":{"kind":"Variable","name":{"kind":"Name","value":"before"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"QosRuleFields"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"startCursor"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"hasPreviousPage"}}]}},{"kind":"Field","name":{"kind":"Name","value":"totalCount"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"QosRuleFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QosRule"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"tenantId"}},{"kind":"Field","name":{"kind":"Name","value":"networkId"}},{"kind":"Field","name":{"kind":"Name","value":"portId"}},{"kind":"Field","name":{"kind":"Name","value":"direction"}},{"kind":"Field","name":{"kind":"Name","value":"maxKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKbps"}},{"kind":"Field","name":{"kind":"Name","value":"maxKpps"}},{"kind":"Field","name":{"kind":"Name","value":"maxBurstKpps"}},{"kind":"Field","name":{"kind":"Name","value":"minKbps"}},{"kind":"Field","name":{"kind":"Name","value":"dscpMark"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}}]}}]} as unknown as DocumentNode<QosRulesQuery, QosRulesQueryVariables>;
export const AgentDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Agent"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"UUID"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"host"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"agent"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}},{"kind":"Argument","name":{"kind":"Name","value":"host"},"value":{"kind":"Variable","name":{"kind":"Name","value":"host"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"host"}},{"kind":"Field","name":{"kind":"Name","value":"binary"}},{"kind":"Field","name":{"kind":"Name","value":"agentType"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"adminStateUp"}},{"kind":"Field","name":{"kind":"Name","value":"alive"}},{"kind":"Field","name":{"kind":"Name","value":"connected"}},{"kind":"Field","name":{"kind":"Name","value":"configurations"}},{"kind":"Field","name":{"kind":"Name","value":"heartbeatAt"}},{"kind":"Field","name":{"kind":"Name","value":"desired"}},{"kind":"Field","name":{"kind":"Name","value":"confirmed"}}]}}]}}]} as unknown as DocumentNode<AgentQuery, AgentQueryVariables>;