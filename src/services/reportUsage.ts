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
}

/** The same beginning, computed from two reports, differs by how long each was on its way. */
const sameBeginningMs = 1_000;

/**
 * Records what the agent counted, in place of what it counted before; counts for a port that is not bound
 * to its host change nothing. Moves no feed and takes no lock that a rule's change waits for: the foreign
 * key's check takes KEY SHARE on the binding, and a change of its revision NO KEY UPDATE, which do not
 * conflict. Times are the database's, so that a host's clock does not matter. Answers how many counted.
 */
export async function reportUsage(
  services: Services,
  actor: Actor,
  { host, usage }: ReportUsageInput,
): Promise<number> {
  requireOwnHost(actor, host);
  refuseIfAny(listFault('usage', usage, bounds.reportEntries));
  if (usage.length === 0) return 0;
  const rows = await query(
    services.emFor(actor),
    sql`
      insert into qos_usage as u (port_id, host, direction, rule_id, bytes, packets, dropped_bytes,
        dropped_packets, since, at)
      select distinct on (x."portId", x.direction) x."portId", b.host, x.direction, x."ruleId", x.bytes,
        x.packets, x."droppedBytes", x."droppedPackets",
        case when x."countedMs" < ${centuryMs} then now() - x."countedMs" * interval '1 millisecond' end,
        now()
      from jsonb_to_recordset(${JSON.stringify(usage)}::jsonb) as x ("portId" uuid, direction text,
        "ruleId" uuid, bytes bigint, packets bigint, "droppedBytes" bigint, "droppedPackets" bigint,
        "countedMs" bigint)
      join port_bindings b on b.port_id = x."portId" and b.host = ${host} and b.removed_at is null
      order by x."portId", x.direction
      on conflict (port_id, host, direction) do update set rule_id = excluded.rule_id,
        bytes = excluded.bytes, packets = excluded.packets, dropped_bytes = excluded.dropped_bytes,
        dropped_packets = excluded.dropped_packets, since = ${since}, at = excluded.at
      returning true`,
  );
  return rows.length;
}

/** Nothing has counted for longer; a timestamp so far back might not exist. */
const centuryMs = 100 * 365 * 24 * 3_600_000;

/**
 * When the counting began. An agent that was started anew finds counters that are older than itself: if they
 * are no lower than they were, what is recorded still holds; if they are, they began after the last sample.
 */
const since = sql`
  case
    when excluded.since is null and u.rule_id <> excluded.rule_id then null
    when excluded.since is null and excluded.packets < u.packets then u.at
    when excluded.since is null then u.since
    when abs(extract(epoch from excluded.since - u.since)) * 1000 < ${sameBeginningMs} then u.since
    else excluded.since
  end`;
