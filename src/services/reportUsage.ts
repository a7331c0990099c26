import { sql } from 'kysely';
import { query } from '../db/query.ts';
import { type Actor, requireOwnHost } from '../domain/actor.ts';
import { refuseIfAny } from '../domain/errors.ts';
import type { Direction } from '../domain/ranges.ts';
import { bounds, listFault } from '../domain/text.ts';
import type { Services } from './services.ts';

/** Counts are whole numbers as decimal text: they outgrow what a JSON number holds. */
export interface UsageInput {
  readonly portId: string;
  readonly direction: Direction;
  readonly ruleId: string;
  readonly bytes?: string | null | undefined;
  readonly packets: string;
  readonly droppedBytes?: string | null | undefined;
  readonly droppedPackets?: string | null | undefined;
  readonly countedMs?: string | null | undefined;
}

export interface ReportUsageInput {
  readonly host: string;
  readonly usage: readonly UsageInput[];
  readonly unmovedSince?: Date | null | undefined;
}

export interface ReportedUsage {
  /** How many entries counted. */
  readonly accepted: number;
  /** What later reports may name; null: this one named another than the last, and nothing was recorded. */
  readonly since: Date | null;
}

/**
 * Records what the agent counted, in place of what it counted before, and that what it reported since a sample and
 * does not name has not moved; counts for a port that is not bound to its host change nothing. Moves no feed and takes
 * no lock that a rule's change waits for: the foreign key's check takes KEY SHARE on the binding, and a change of its
 * revision NO KEY UPDATE, which do not conflict. Times are the database's, so that a host's clock does not matter.
 */
export async function reportUsage(
  services: Services,
  actor: Actor,
  { host, usage, unmovedSince = null }: ReportUsageInput,
): Promise<ReportedUsage> {
  requireOwnHost(actor, host);
  refuseIfAny(listFault('usage', usage, bounds.reportEntries));
  if (usage.length === 0 && unmovedSince) {
    const isLast = await services.bulk.unmoved.add({ host, sinceMs: unmovedSince.getTime() });
    return { accepted: 0, since: isLast ? unmovedSince : null };
  }
  const [report] = await query(
    services.emFor(actor),
    sql<{ accepted: number; sample: string | null }>`
      select accepted, sample from sluice_report_usage(${host}, ${JSON.stringify(usage)}::jsonb,
        'epoch'::timestamptz + ${unmovedSince?.getTime() ?? null}::bigint * interval '1 millisecond')`,
  );
  const sample = report?.sample ?? null;
  return { accepted: report?.accepted ?? 0, since: sample === null ? null : new Date(sample) };
}
