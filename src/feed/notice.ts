import type { Direction } from '../domain/ranges.ts';

/** What happened to a rule, with what a listener needs to know to judge whether it may hear of it. */
export interface RuleNotice {
  readonly type: 'CREATED' | 'UPDATED' | 'DELETED' | 'STATUS_CHANGED';
  readonly id: string;
  readonly tenantId: string;
  readonly networkId: string | null;
  readonly portId: string;
  readonly direction: Direction;
}

export interface AgentNotice {
  readonly type: 'CREATED' | 'UPDATED' | 'DELETED' | 'STATUS_CHANGED';
  readonly id: string;
}

/** What a committed transaction rings the doorbell with. Only hints: whoever hears it reads the truth (invariant 4). */
export interface Notice {
  /** Hosts whose feed moved. */
  readonly hosts: readonly string[];
  readonly rules: readonly RuleNotice[];
  readonly agents: readonly AgentNotice[];
  /** The trace (W3C traceparent) of what moved the hosts; of several changes told together, the newest one's. */
  readonly trace?: string | undefined;
}

export const isEmpty = ({ hosts, rules, agents }: Notice): boolean =>
  hosts.length + rules.length + agents.length === 0;
