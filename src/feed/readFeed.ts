import type { EntityManager } from '@mikro-orm/postgresql';
import { type Prepared, runPrepared } from '../db/prepared.ts';
import type { FeedPosition } from '../domain/feedCursor.ts';
import type { Direction } from '../domain/ranges.ts';

/** What one direction of a port must be held to, and the rule that says so. */
export interface PortLimit {
  readonly ruleId: string;
  readonly ruleVersion: number;
  readonly maxKbps: number | null;
  readonly maxBurstKbps: number | null;
  readonly maxKpps: number | null;
  readonly maxBurstKpps: number | null;
  readonly minKbps: number | null;
  readonly dscpMark: number | null;
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
 * port and by revision: `offset 0` keeps the order of the page from choosing for what changed.
 */
const feedPage: Prepared = {
  name: 'feed page',
  text: `
    with feed as materialized (
      select f.epoch::text || '.' || sluice_cluster() as epoch, f.head, f.floor, f.admin_state_up,
        f.admin_revision
      from host_feeds f where f.host = $1
    ), start as materialized (
      select feed.*, case when epoch = $2::text and $3::bigint between floor and head
        then $3::bigint end as since
      from feed
    )
    select start.epoch, start.head, start.floor, start.admin_state_up, start.since, b.port_id,
      r.id as rule_id, r.direction, r.version, r.max_kbps, r.max_burst_kbps, r.max_kpps,
      r.max_burst_kpps, r.min_kbps, r.dscp_mark
    from start
    left join lateral (
      (select port_id, removed_at from port_bindings
        where start.since is null and host = $1 and removed_at is null
          and ($4::uuid is null or port_id > $4::uuid)
        order by port_id limit $5::integer)
      union all
      (select port_id, removed_at from (
          select port_id, removed_at from port_bindings
          where start.since is not null and host = $1
            and revision > case when admin_revision > start.since then 0 else start.since end
          offset 0) changed
        where $4::uuid is null or port_id > $4::uuid
        order by port_id limit $5::integer)
    ) b on true
    left join qos_rules r on r.port_id = b.port_id and b.removed_at is null
    order by b.port_id`,
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
  const rows = await runPrepared<FeedRow>(em, feedPage, values);
  const first = rows[0];
  if (!first) return null;
  const ports = groupByPort(rows);
  const since_ = first.since === null ? null : BigInt(first.since);
  return {
    head: { epoch: first.epoch, revision: BigInt(first.head) },
    floor: BigInt(first.floor),
    adminStateUp: first.admin_state_up,
    since: since_,
    // Of a whole state, a port without a rule says nothing.
    ports: since_ === null ? ports.filter(({ egress, ingress }) => egress ?? ingress) : ports,
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
