import type { Pool } from 'pg';
import type { Audited, Commit, HostState } from './history.ts';

/**
 * Writes the truth down where it is made: at the end of each transaction that moved a host's feed,
 * while its row is still locked, what the host's state has become. Deferred, so that it sees all
 * that the transaction wrote; in the same transaction, so that both are there or neither.
 */
const install = `
  create table history_commits (
    id bigint generated always as identity primary key,
    at_ms double precision not null,
    host text collate "C" not null,
    epoch text not null,
    head bigint not null,
    floor bigint not null,
    state jsonb not null
  );
  create index history_commits_host on history_commits (host, id);

  create function history_note(p_host text) returns void language sql volatile as $$
    insert into history_commits (at_ms, host, epoch, head, floor, state)
    select extract(epoch from clock_timestamp()) * 1000, f.host,
      f.epoch::text || '.' || sluice_cluster(), f.head, f.floor,
      jsonb_build_object('adminStateUp', f.admin_state_up, 'limits', coalesce((
        select jsonb_object_agg(r.port_id || ' ' || r.direction,
          jsonb_build_object('ruleId', r.id, 'version', r.version, 'maxKbps', r.max_kbps))
        from port_bindings b join qos_rules r on r.port_id = b.port_id
        where b.host = f.host and b.removed_at is null), '{}'))
    from host_feeds f where f.host = p_host
  $$;

  create function history_epoch(p_old uuid) returns uuid language sql volatile as $$
    select gen_random_uuid()
  $$;

  create function history_on_commit() returns trigger language plpgsql as $$
  begin
    if tg_op = 'UPDATE' and (old.epoch, old.head, old.floor, old.admin_state_up)
      is not distinct from (new.epoch, new.head, new.floor, new.admin_state_up)
    then return null; end if;
    perform history_note(new.host);
    return null;
  end $$;

  create constraint trigger history_on_commit after insert or update on host_feeds
    deferrable initially deferred for each row execute function history_on_commit()`;

export async function installCommitLog(pool: Pool): Promise<void> {
  await pool.query(install);
}

/** Writes down how the hosts are now. */
export async function noteHosts(pool: Pool, hosts: readonly string[]): Promise<void> {
  await pool.query('select history_note(host) from unnest($1::text[]) as h (host)', [hosts]);
}

interface CommitRow {
  id: string;
  at_ms: number;
  host: string;
  epoch: string;
  head: string;
  floor: string;
  state: HostState;
}

export async function readCommits(pool: Pool, hosts: readonly string[]): Promise<Commit[]> {
  const { rows } = await pool.query<CommitRow>(
    'select * from history_commits where host = any ($1::text[]) order by id',
    [hosts],
  );
  return rows.map(({ id, at_ms, host, epoch, head, floor, state }) => ({
    id: Number(id),
    atMs: at_ms,
    host,
    position: { epoch, head: Number(head) },
    floor: Number(floor),
    state,
  }));
}

/** What the audit log has of the ports' rules. */
export async function readAudit(pool: Pool, portIds: readonly string[]): Promise<Audited[]> {
  const { rows } = await pool.query<Audited>(
    `select object_id as "ruleId", (after->>'version')::integer as version from audit_log
     where action like 'qosRule.%' and coalesce(after, before)->>'portId' = any ($1::text[])`,
    [portIds],
  );
  return rows;
}
