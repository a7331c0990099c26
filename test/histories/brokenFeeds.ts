import { sql } from 'kysely';
import { query } from '../../src/db/query.ts';
import type { FeedReading } from '../../src/feed/hostQosChanges.ts';
import type { Dial } from '../../src/feed/line.ts';
import { readFeedPage } from '../../src/feed/readFeed.ts';
import type { Breakage } from './world.ts';

/**
 * Positions drawn from one sequence for all, before the host's row is locked: whoever draws first may
 * commit last, behind a cursor that has passed its number (invariant 2 names what was measured of it).
 */
const globalSequence: Breakage = {
  statements: `
    create sequence broken_positions;

    create or replace function sluice_touch_ports(p_ids uuid[]) returns setof text
    language plpgsql volatile as $$
    declare
      v_position bigint := nextval('broken_positions');
      v_hosts text[];
    begin
      select coalesce(array_agg(distinct b.host), '{}') into v_hosts from port_bindings b
        where b.port_id = any (p_ids) and b.removed_at is null;
      update port_bindings b set revision = v_position
        where b.host = any (v_hosts) and b.port_id = any (p_ids) and b.removed_at is null;
      perform pg_sleep(random() * 0.03);
      update host_feeds f set head = greatest(f.head, v_position) where f.host = any (v_hosts);
      return query select unnest(v_hosts);
    end $$;

    create or replace function sluice_touch_port(p_id uuid) returns text[] language sql volatile as $$
      select coalesce(array_agg(t.host), '{}') from sluice_touch_ports(array[p_id]) t (host)
    $$;

    create or replace function sluice_raise_heads(p_hosts text[]) returns table (host text, head bigint)
    language plpgsql volatile as $$
    #variable_conflict use_column
    declare
      v_position bigint := nextval('broken_positions');
    begin
      update host_feeds f set head = greatest(f.head, v_position) where f.host = any (p_hosts);
      return query select u.host, v_position from unnest(p_hosts) as u (host);
    end $$`,
};

/** A line on which whatever is said is lost, as with a NOTIFY whose transaction is rolled back. */
const deadLine: Dial = async () => ({
  lost: new AbortController().signal,
  send: async () => {},
  close: async () => {},
});

/** Doorbells are lost, and nobody looks for themselves (invariant 4). */
const lostDoorbell: Breakage = {
  server: { doorbell: deadLine, watchIntervalMs: 3_600_000 },
};

/** A host's epoch is the same for ever, and a cursor ahead of its head waits for the head to come (invariant 6). */
const readPage: NonNullable<FeedReading['readPage']> = async (em, host, since, after, size) => {
  for (;;) {
    const page = await readFeedPage(em, host, since, after, size);
    if (page) return page;
    await query(
      em.fork(),
      sql`insert into host_feeds (host) values (${host}) on conflict do nothing`,
    );
  }
};

const noEpoch: Breakage = {
  statements: `
    create or replace function history_epoch(p_old uuid) returns uuid language sql as 'select p_old'`,
  server: { feed: { readPage, readFirst: undefined } },
};

/** Copies of the feed, each without one of the things that make it right. */
export const brokenFeeds = {
  'a cursor over a global sequence': globalSequence,
  'a lost doorbell that nothing makes up for': lostDoorbell,
  'no new epoch after a restore': noEpoch,
};
