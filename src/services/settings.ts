/** What an operator decides about the services. */
export interface Settings {
  /** An agent silent for longer counts as down. */
  readonly agentDownMs: number;
  /** What agents are told to heartbeat at. */
  readonly heartbeatMs: number;
  /** So many rules a tenant may have whose quota no administrator set; -1: any number. */
  readonly quotaRules: number;
  /** How long the audit log keeps an entry. */
  readonly auditRetentionDays: number;
  /** How long a token of an enrolled host's credential holds. */
  readonly agentCredentialMs: number;
  /** What an agent's word is worth for a port that another live host has. */
  readonly portClaims: 'accept' | 'strict';
  /** So many such ports a host may claim a minute. */
  readonly portClaimsPerMinute: number;
}

export const defaultSettings: Settings = {
  agentDownMs: 75_000,
  heartbeatMs: 30_000,
  quotaRules: 1_000,
  auditRetentionDays: 365,
  agentCredentialMs: 86_400_000,
  portClaims: 'accept',
  portClaimsPerMinute: 60,
};
