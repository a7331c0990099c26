import type { EntityManager } from '@mikro-orm/postgresql';
import { type Prepared, runPrepared } from '../db/prepared.ts';
import type { FeedPosition } from '../domain/feedCursor.ts';
import type { Direction, Limits } from '../domain/ranges.ts';

/** What one direction of a port must be held to, and the rule that says so. */
export interface PortLimit extends Limits {
  readonly ruleId: string;
  readonly ruleVersion: number;
}

/** The whole desired state of one port; both null: remove whatever is applied there. */
export interface PortQos {
  readonly portId: string;
  readonly egress: PortLimit | null;
  readonly ingress: PortLimit | null;
}

/** One read of a host's feed: where it stands, and a page of what is past `since`. */
export interface FeedPage {
  readonly head: FeedPosition;
  readonly floor: bigint;
  readonly adminStateUp: boolean;
  /** Null: the cursor given cannot be continued from, and the page is of the whole state. */
  readonly since: bigint | null;
  readonly ports: readonly PortQos[];
  /** Where the next page begins; null: this was the last. */
  readonly nextAfter: string | null;
}

interface FeedRow {
  /** Which of those asked for, from 1 on. */
  n: string | number;
  epoch: string;
  head: string;
  floor: string;
  admin_state_up: boolean;
  since: string | null;
  port_id: string | null;
  rule_id: string | null;
  direction: Direction;
  version: number;
  max_kbps: number | null;
  max_burst_kbps: number | null;
  max_kpps: number | null;
  max_burst_kpps: number | null;
  min_kbps: number | null;
  dscp_mark: number | null;
}

/**
 * Head, epoch, floor and rows in one statement, so all are of one snapshot (invariant 2). "Since N" is
 * `revision > N`; the whole state is the same read with N = 0, less the tombstones (invariant 3). Past
 * a change of the admin state every port is named: what was reported of it before counts no more
 * (migration 3), and the agent reports again what a step names. Each of the two has its own index, by
 * port and by revision: `offset 0` keeps the order of the page from choosing for what changed, and the
 * rules' table from being read through for a few ports.
 * `asked`: columns n, host, epoch, revision and after; `most`: ports in each page.
 */
const feedPages = (asked: string, most: string): string => `
    with start as materialized (
      select a.n, a.after, f.host, e.epoch, f.head, f.floor, f.admin_state_up, f.admin_revision,
        case when a.epoch = e.epoch and a.revision between f.floor and f.head then a.revision end as since
      from (${asked}) a join host_feeds f on f.host = a.host collate "C"
      cross join lateral (select f.epoch::text || '.' || (select sluice_cluster()) as epoch) e
    )
    select start.n, start.epoch, start.head, start.floor, start.admin_state_up, start.since, b.port_id,
      r.id as rule_id, r.direction, r.version, r.max_kbps, r.max_burst_kbps, r.max_kpps,
      r.max_burst_kpps, r.min_kbps, r.dscp_mark
    from start
    left join lateral (
      (select port_id, removed_at from port_bindings
        where start.since is null and host = start.host and removed_at is null
          and (start.after is null or port_id > start.after)
        order by port_id limit ${most})
      union all
      (select port_id, removed_at from (
          select port_id, removed_at from port_bindings
          where start.since is not null and host = start.host
            and revision > case when admin_revision > start.since then 0 else start.since end
          offset 0) changed
        where start.after is null or port_id > start.after
        order by port_id limit ${most})
    ) b on true
    left join lateral (
      select * from qos_rules where port_id = b.port_id and b.removed_at is null offset 0
    ) r on true
    order by start.n, b.port_id`;

const feedPage: Prepared = {
  name: 'feed page',
  text: feedPages(
    `select 1 as n, $1::text as host, $2::text as epoch, $3::bigint as revision, $4::uuid as after`,
    '$5::integer',
  ),
};

const firstPages: Prepared = {
  name: 'first feed pages',
  text: feedPages(
    `select n, host, epoch, revision, null::uuid as after
      from unnest($1::text[], $2::text[], $3::bigint[]) with ordinality as x (host, epoch, revision, n)`,
    '$4::integer',
  ),
};

/** Reads a page of the host's feed. Null where the host has none yet. */
export async function readFeedPage(
  em: EntityManager,
  host: string,
  since: FeedPosition | null,
  afterPort: string | null,
  pageSize: number,
): Promise<FeedPage | null> {
  const { epoch = null, revision = null } = since ?? {};
  const values = [host, epoch, revision, afterPort, pageSize];
  return pageOf(await runPrepared<FeedRow>(em, feedPage, values), pageSize);
}

/** Where a reader of a host's feed begins. */
export interface FeedStart {
  readonly host: string;
  readonly since: FeedPosition | null;
}

/** The first pages of many hosts' feeds, in one statement. */
export async function readFirstPages(
  em: EntityManager,
  starts: readonly FeedStart[],
  pageSize: number,
): Promise<(FeedPage | null)[]> {
  const values = [
    starts.map(({ host }) => host),
    starts.map(({ since }) => since?.epoch ?? null),
    starts.map(({ since }) => since?.revision ?? null),
    pageSize,
  ];
  const rows = starts.map((): FeedRow[] => []);
  for (const row of await runPrepared<FeedRow>(em, firstPages, values)) {
    rows[Number(row.n) - 1]?.push(row);
  }
  return rows.map((own) => pageOf(own, pageSize));
}

function pageOf(rows: readonly FeedRow[], pageSize: number): FeedPage | null {
  const first = rows[0];
  if (!first) return null;
  const ports = groupByPort(rows);
  const since = first.since === null ? null : BigInt(first.since);
  return {
    head: { epoch: first.epoch, revision: BigInt(first.head) },
    floor: BigInt(first.floor),
    adminStateUp: first.admin_state_up,
    since,
    // Of a whole state, a port without a rule says nothing.
    ports: since === null ? ports.filter(({ egress, ingress }) => egress ?? ingress) : ports,
    nextAfter: ports.length < pageSize ? null : (ports.at(-1)?.portId ?? null),
  };
}

function groupByPort(rows: readonly FeedRow[]): PortQos[] {
  const ports = new Map<
    string,
    { portId: string; egress: PortLimit | null; ingress: PortLimit | null }
  >();
  for (const row of rows) {
    if (row.port_id === null) continue;
    const port = ports.get(row.port_id) ?? { portId: row.port_id, egress: null, ingress: null };
    ports.set(row.port_id, port);
    if (row.rule_id !== null) {
      port[row.direction === 'EGRESS' ? 'egress' : 'ingress'] = toLimit(row, row.rule_id);
    }
  }
  return [...ports.values()];
}

const toLimit = (row: FeedRow, ruleId: string): PortLimit => ({
  ruleId,
  ruleVersion: row.version,
  maxKbps: row.max_kbps,
  maxBurstKbps: row.max_burst_kbps,
  maxKpps: row.max_kpps,
  maxBurstKpps: row.max_burst_kpps,
  minKbps: row.min_kbps,
  dscpMark: row.dscp_mark,
});
