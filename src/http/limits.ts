import type { TrustedFor } from '../graphql/trustedDocuments.ts';
import type { CostRates } from './budget.ts';

/** What a server lets its callers do, as far as its settings say. */
export interface Limits {
  readonly costRates: CostRates;
  readonly trustedFor: TrustedFor;
  /** A query or mutation that takes longer is ended. */
  readonly operationMs: number;
  /** A request must have come in whole by then, however slow its sender. */
  readonly requestMs: number;
  /** WebSockets in all. */
  readonly sockets: number;
  /** WebSockets from one address that have not said yet who they are, and connections that have not asked anything. */
  readonly strangersPerAddress: number;
}

export const defaultLimits: Limits = {
  costRates: { admin: 200_000, member: 20_000, reader: 20_000, agent: 2_000 },
  trustedFor: 'agents',
  operationMs: 10_000,
  requestMs: 30_000,
  sockets: 20_000,
  strangersPerAddress: 2_000,
};
