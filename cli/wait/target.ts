import type { BindingStatus } from '../../schema/generated/graphql.ts';

/** One thing that a wait is for: a rule or a removal on one host. */
export interface Target {
  /** Null: the port is on no host. */
  readonly host: string | null;
  /** What is to settle there: "EGRESS of port …". */
  readonly subject: string;
  readonly state: 'settled' | 'failed' | 'waiting';
  /** In a word or two. */
  readonly status: string;
  /** The agent's reason, or what is still missing. */
  readonly message: string;
}

export type Verdict = Target['state'];

/** One failure is enough; settled is only said of all. */
export function judge(targets: readonly Target[]): Verdict {
  if (targets.some(({ state }) => state === 'failed')) return 'failed';
  return targets.every(({ state }) => state === 'settled') ? 'settled' : 'waiting';
}

export interface BindingProgress {
  readonly host: string;
  readonly status: BindingStatus;
  readonly stale: boolean;
  readonly message: string | null;
}

export interface RuleProgress {
  readonly portId: string;
  readonly direction: string;
  readonly bindings: readonly BindingProgress[];
}

/** What a wait for this rule is for: an entry for each host that has its port, or one that says there is none. */
export function targetsOf(rule: RuleProgress): Target[] {
  const subject = `${rule.direction} of port ${rule.portId}`;
  if (rule.bindings.length > 0) return rule.bindings.map((binding) => onHost(subject, binding));
  const message = 'plug it, or "sluice port bind" says where it will be';
  return [{ host: null, subject, state: 'waiting', status: 'on no host', message }];
}

function onHost(subject: string, { host, status, stale, message }: BindingProgress): Target {
  // What an agent said that is away now proves nothing of the present.
  const state = status === 'APPLIED' && stale ? 'waiting' : stateOf(status);
  const missing = stale ? 'its agent is away' : whatIsMissing[status];
  return { host, subject, state, status, message: message ?? missing };
}

function stateOf(status: BindingStatus): Target['state'] {
  if (status === 'APPLIED') return 'settled';
  return status === 'FAILED' || status === 'DEGRADED' ? 'failed' : 'waiting';
}

const whatIsMissing: Readonly<Record<BindingStatus, string>> = {
  APPLIED: 'done',
  FAILED: 'its agent gave no reason',
  DEGRADED: 'its agent gave no reason',
  PENDING: 'its agent has not answered yet',
  WAITING_FOR_PORT: 'the port is not plugged there yet',
  DISABLED: 'its agent is administratively down: "sluice agent set --enable" lets it enforce',
  NO_AGENT: 'no agent has ever reported from there',
};

/** A port that nothing is asked of: its host has only to take note of it. */
export function boundTarget(host: string, { id, bindings }: PortProgress): Target {
  const subject = `the binding of port ${id}`;
  const binding = bindings.find((one) => one.host === host);
  if (binding?.settled) {
    return { host, subject, state: 'settled', status: 'noted', message: 'done' };
  }
  const message = 'the agent there has not taken note of it yet';
  return { host, subject, state: 'waiting', status: 'PENDING', message };
}

/** Limits that were removed from a port, and where they were. */
export interface Removal {
  readonly portId: string;
  readonly hosts: readonly string[];
}

export interface PortProgress {
  readonly id: string;
  readonly bindings: readonly BoundProgress[];
}

export interface BoundProgress {
  readonly host: string;
  readonly settled: boolean;
  /** Why something is left that nobody asks for any more. */
  readonly removalFault: string | null;
}

/** A removal has settled where the agent has dealt with the port's last change, or where nothing is kept of it. */
export function removalTargets(
  removals: readonly Removal[],
  ports: ReadonlyMap<string, PortProgress>,
): Target[] {
  return removals.flatMap(({ portId, hosts }) =>
    hosts.map((host) => {
      const binding = ports.get(portId)?.bindings.find((one) => one.host === host);
      const subject = `removal from port ${portId}`;
      if (binding?.settled && binding.removalFault !== null) {
        const message = binding.removalFault;
        return { host, subject, state: 'failed', status: 'FAILED', message };
      }
      if (!binding || binding.settled) {
        return { host, subject, state: 'settled', status: 'removed', message: 'done' };
      }
      const message = 'its agent has not confirmed the removal yet';
      return { host, subject, state: 'waiting', status: 'removing', message };
    }),
  );
}
