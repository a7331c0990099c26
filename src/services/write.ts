import { type EntityManager, IsolationLevel } from '@mikro-orm/postgresql';
import { isDeadlock } from '../db/sqlState.ts';
import type { Actor } from '../domain/actor.ts';
import type { AgentNotice, RuleNotice } from '../feed/notice.ts';
import type { Services } from './services.ts';

/** One writing transaction: what it works on, and what it will ring the doorbell with. */
export interface Write {
  readonly em: EntityManager;
  readonly actor: Actor;
  readonly hosts: Set<string>;
  readonly rules: RuleNotice[];
  readonly agents: AgentNotice[];
}

const maxAttempts = 3;

/**
 * Runs `work` in one transaction and rings the doorbell after the commit, never before (invariant 4).
 * READ COMMITTED, so that a statement after a lock sees what the lock waited for (invariant 2).
 */
export async function inTransaction<T>(
  services: Services,
  actor: Actor,
  work: (write: Write) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const startedAtMs = performance.now();
    const write = { actor, hosts: new Set<string>(), rules: [], agents: [] };
    try {
      const result = await services.emFor(actor).transactional((em) => work({ ...write, em }), {
        isolationLevel: IsolationLevel.READ_COMMITTED,
      });
      if (write.hosts.size > 0) services.switchboard.stages.committed(startedAtMs);
      services.doorbell.ring({ ...write, hosts: [...write.hosts] });
      return result;
    } catch (error) {
      // The lock order leaves no deadlock among our own; an operator's session may still cause one.
      if (!isDeadlock(error) || attempt === maxAttempts) throw error;
    }
  }
}
