import { sql } from 'kysely';
import { query } from '../db/query.ts';
import type { Actor } from '../domain/actor.ts';
import type { Direction } from '../domain/ranges.ts';
import type { Services } from './services.ts';

/** What a binding's limit let pass and dropped; counts as decimal text. */
export interface Usage {
  readonly bytes: string | null;
  readonly packets: string;
  readonly droppedBytes: string | null;
  readonly droppedPackets: string | null;
  readonly since: Date | null;
  readonly at: Date;
}

/** Whose usage is asked for: the counts of another rule that had the place before are not this one's. */
export interface UsageKey {
  readonly portId: string;
  readonly host: string;
  readonly direction: Direction;
  readonly ruleId: string;
}

interface UsageRow extends Omit<Usage, 'since' | 'at'> {
  readonly place: string;
  readonly since: string | null;
  readonly at: string;
}

/**
 * One statement for any number of bindings; null where nothing was counted. What belongs to the host's last sample was
 * looked at as often as the host said so; the rest when it was written (migration 53).
 */
export async function usageOfBindings(
  { emFor }: Services,
  actor: Actor,
  keys: readonly UsageKey[],
): Promise<(Usage | null)[]> {
  const places = keys.map(({ portId, host, direction, ruleId }, place) => ({
    place,
    portId,
    host,
    direction,
    ruleId,
  }));
  const rows = await query(
    emFor(actor),
    sql<UsageRow>`
      select k.place, u.bytes, u.packets, u.dropped_bytes as "droppedBytes",
        u.dropped_packets as "droppedPackets", u.since,
        case when u.sample = s.since then s.at else u.at end as at
      from jsonb_to_recordset(${JSON.stringify(places)}::jsonb)
        as k (place integer, "portId" uuid, host text, direction text, "ruleId" uuid)
      join qos_usage u on u.port_id = k."portId" and u.host = k.host and u.direction = k.direction
        and u.rule_id = k."ruleId"
      left join usage_samples s on s.host = u.host`,
  );
  const found = new Map(rows.map((row) => [Number(row.place), usageIn(row)]));
  return keys.map((_key, place) => found.get(place) ?? null);
}

function usageIn({ place: _, since, at, ...counts }: UsageRow): Usage {
  return { ...counts, since: since === null ? null : new Date(since), at: new Date(at) };
}
