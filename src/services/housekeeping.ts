import { sql } from 'kysely';
import { messageOf } from '../../lib/errors.ts';
import type { Part } from '../../lib/lifecycle.ts';
import { sleep } from '../../lib/retry.ts';
import { query } from '../db/query.ts';
import { expire } from '../domain/bindings.ts';
import { forgetExpired } from './agentCredentials.ts';
import { compactAuditLog } from './auditLog.ts';
import { readBindings, writeBindings } from './bindings.ts';
import { compactTombstones } from './compaction.ts';
import { lockPorts } from './locks.ts';
import type { Services } from './services.ts';
import { system } from './system.ts';
import { inTransaction } from './write.ts';

export interface HousekeepingOptions {
  readonly intervalMs: number;
  /** A discovered binding ends after so long unplugged. */
  readonly unpluggedMs: number;
  /** How long a tombstone lets an agent resume past it. */
  readonly retentionMs: number;
}

const housekeepingDefaults: HousekeepingOptions = {
  intervalMs: 10_000,
  unpluggedMs: 10 * 60_000,
  retentionMs: 24 * 3_600_000,
};

const batchPorts = 500;

/** What time brings about: bindings expire, tombstones are compacted, silent agents are told of. Any number of servers may do it. */
export class Housekeeping implements Part {
  readonly name = 'housekeeping';
  readonly #services: Services;
  readonly #options: HousekeepingOptions;

  constructor(services: Services, options: HousekeepingOptions = housekeepingDefaults) {
    this.#services = services;
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { intervalMs, unpluggedMs, retentionMs } = this.#options;
    while (!signal.aborted) {
      await sleep(intervalMs, signal);
      if (signal.aborted) return;
      try {
        await expireUnplugged(this.#services, unpluggedMs);
        await compactTombstones(this.#services, retentionMs);
        await forgetExpired(this.#services);
        await compactAuditLog(this.#services, this.#services.settings.auditRetentionDays);
        await tellOfSilentAgents(this.#services, intervalMs);
      } catch (error) {
        this.#services.log.warn({ reason: messageOf(error) }, 'housekeeping failed; trying again');
      }
    }
  }
}

/** Ends the discovered bindings that were unplugged for too long. */
export async function expireUnplugged(services: Services, unpluggedMs: number): Promise<void> {
  const overdue = sql`removed_at is null and not bound and not plugged
    and unplugged_at < now() - ${unpluggedMs} * interval '1 millisecond'`;
  const rows = await query(
    services.emFor(system),
    sql<{ portId: string }>`
      select distinct port_id as "portId" from port_bindings where ${overdue} limit ${batchPorts}`,
  );
  if (rows.length === 0) return;
  const portIds = rows.map(({ portId }) => portId);
  await inTransaction(services, system, async (write) => {
    await lockPorts(write, portIds, { register: false });
    // Which are overdue still, now that nobody else can change them.
    const hosts = await query(
      write.em,
      sql<{ portId: string; host: string }>`
        select port_id as "portId", host from port_bindings where port_id = any (${portIds}::uuid[]) and ${overdue}`,
    );
    const bindings = await readBindings(write, portIds);
    const changes = hosts.flatMap(({ portId, host }) =>
      (bindings.get(portId) ?? []).filter((binding) => binding.host === host).flatMap(expire),
    );
    await writeBindings(write, changes);
  });
}

/** Agents whose last heartbeat has just become too old: their lists change although nothing was written. */
async function tellOfSilentAgents(
  { emFor, settings, switchboard }: Services,
  intervalMs: number,
): Promise<void> {
  const down = settings.agentDownMs;
  const agents = await query(
    emFor(system),
    sql<{ id: string }>`
      select id from agents where heartbeat_at <= now() - ${down} * interval '1 millisecond'
        and heartbeat_at > now() - ${down + 2 * intervalMs} * interval '1 millisecond'`,
  );
  // Each server looks for itself, so only its own listeners are told.
  switchboard.deliver({
    hosts: [],
    rules: [],
    agents: agents.map(({ id }) => ({ type: 'STATUS_CHANGED', id })),
  });
}
