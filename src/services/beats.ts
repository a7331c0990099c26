import type { MikroORM } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { query } from '../db/query.ts';
import type { FeedPosition } from '../domain/feedCursor.ts';

/** One heartbeat as it is written. */
export interface Beat {
  readonly host: string;
  readonly binary: string;
  readonly agentType: string;
  readonly version: string | null;
  readonly configurations: string | null;
  readonly startFlag: boolean;
  readonly confirmed: FeedPosition | null;
}

export interface WrittenBeat {
  readonly id: string;
  /** What other agents' readers would want to hear of; null: only the time moved. */
  readonly change: 'CREATED' | 'UPDATED' | null;
  readonly desired: FeedPosition;
}

/** Writes the heartbeats of many hosts in one statement. Of two of one host the later counts. */
export async function writeBeats(
  orm: MikroORM,
  agentDownMs: number,
  beats: readonly Beat[],
): Promise<WrittenBeat[]> {
  const written = new Map<string, WrittenBeat>();
  const newest = [...newestOf(beats).values()];
  for (const row of await write(orm, agentDownMs, newest)) written.set(row.host, row);
  const unknown = newest.filter(({ host }) => !written.has(host));
  if (unknown.length > 0) {
    await makeFeeds(orm, unknown);
    for (const row of await write(orm, agentDownMs, unknown)) written.set(row.host, row);
  }
  return beats.map(({ host }) => {
    const row = written.get(host);
    if (!row) throw new Error(`The heartbeat of host ${host} left no agent.`);
    return row;
  });
}

function newestOf(beats: readonly Beat[]): Map<string, Beat> {
  const newest = new Map<string, Beat>();
  for (const beat of beats) {
    const startFlag = beat.startFlag || (newest.get(beat.host)?.startFlag ?? false);
    newest.set(beat.host, { ...beat, startFlag });
  }
  return newest;
}

/** A host never heard of has no feed yet. In name order, as all who lock hosts (invariant 2). */
async function makeFeeds({ em }: MikroORM, beats: readonly Beat[]): Promise<void> {
  const hosts = beats.map(({ host }) => host);
  await query(
    em.fork(),
    sql`insert into host_feeds (host) select h collate "C" from unnest(${hosts}::text[]) as h order by 1
      on conflict do nothing`,
  );
}

/**
 * Rows only of hosts that have a feed. Agents are locked in host order, as `confirm` does, so that two
 * servers' writes never wait for each other in a circle. What an agent confirms counts as `confirm` says.
 */
async function write({ em }: MikroORM, agentDownMs: number, beats: readonly Beat[]) {
  const said = JSON.stringify(beats.map(asSaid));
  const rows = await query(
    em.fork(),
    sql<{ id: string; host: string; change: WrittenBeat['change']; epoch: string; head: string }>`
      with beat as materialized (
        select x.host collate "C" as host, x.agent_type, x."binary", x.version, x.configurations, x.started,
          f.head, e.epoch, x.said_revision,
          coalesce(x.said_epoch = e.epoch and x.said_revision <= f.head, false) as confirms
        from json_to_recordset(${said}::json) as x (host text, agent_type text, "binary" text, version text,
          configurations text, started boolean, said_epoch text, said_revision bigint)
        join host_feeds f on f.host = x.host collate "C"
        cross join lateral (select f.epoch::text || '.' || (select sluice_cluster()) as epoch) e
      ), old as materialized (
        select a.host, a.version, a.configurations, a.heartbeat_at from agents a join beat using (host)
      ), written as (
        insert into agents as a (id, host, agent_type, "binary", version, configurations, started_at,
          heartbeat_at, confirmed_epoch, confirmed_revision)
        select gen_random_uuid(), host, agent_type, "binary", beat.version, beat.configurations::jsonb,
          case when started or old.host is null then now() end, now(),
          case when confirms then epoch end, case when confirms then said_revision else 0 end
        from beat left join old using (host) order by host
        on conflict (host) do update set agent_type = excluded.agent_type, "binary" = excluded."binary",
          version = excluded.version,
          configurations = coalesce(excluded.configurations, a.configurations),
          started_at = coalesce(excluded.started_at, a.started_at),
          heartbeat_at = excluded.heartbeat_at,
          confirmed_epoch = coalesce(excluded.confirmed_epoch, a.confirmed_epoch),
          confirmed_revision = case
            when excluded.confirmed_epoch is null then a.confirmed_revision
            when excluded.confirmed_epoch = a.confirmed_epoch
              then greatest(excluded.confirmed_revision, a.confirmed_revision)
            else excluded.confirmed_revision end
        returning a.id, a.host, a.version, a.configurations
      )
      select w.id, w.host, beat.head, beat.epoch,
        case when old.host is null then 'CREATED'
          when beat.started or old.version is distinct from w.version
            or old.configurations is distinct from w.configurations
            or old.heartbeat_at < now() - ${agentDownMs} * interval '1 millisecond'
          then 'UPDATED' end as change
      from written w join beat using (host) left join old using (host)`,
  );
  return rows.map(({ id, host, change, epoch, head }) => ({
    id,
    host,
    change,
    desired: { epoch, revision: BigInt(head) },
  }));
}

/** As the statement reads it: JSON in one piece costs a fraction of an array for each column. */
const asSaid = ({ confirmed, agentType, startFlag, ...said }: Beat) => ({
  ...said,
  agent_type: agentType,
  started: startFlag,
  said_epoch: confirmed?.epoch,
  said_revision: confirmed?.revision.toString(),
});
