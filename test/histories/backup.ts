import type { Pool } from 'pg';

/** The rows of one history's hosts and ports, of one snapshot. */
export interface Backup {
  readonly feeds: object;
  readonly bindings: object;
  readonly rules: object;
}

export interface Extent {
  readonly hosts: readonly string[];
  readonly portIds: readonly string[];
}

export async function takeBackup(pool: Pool, { hosts, portIds }: Extent): Promise<Backup> {
  const { rows } = await pool.query<Backup>(
    `select
      (select coalesce(jsonb_agg(f), '[]') from host_feeds f where host = any ($1::text[])) as feeds,
      (select coalesce(jsonb_agg(b), '[]') from port_bindings b where host = any ($1::text[])) as bindings,
      (select coalesce(jsonb_agg(r), '[]') from qos_rules r where port_id = any ($2::uuid[])) as rules`,
    [hosts, portIds],
  );
  return rows[0] as Backup;
}

/**
 * Brings the rows back as a restored dump would: past triggers and counters, with the new epoch that
 * `db new-epoch` gives (broken copies of the feed replace `history_epoch`). Under the locks of invariant
 * 2, since here the servers go on meanwhile.
 */
export async function restoreBackup(pool: Pool, extent: Extent, backup: Backup): Promise<void> {
  const { hosts, portIds } = extent;
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('select sluice_lock_ports($1::uuid[], true)', [portIds]);
    await client.query(
      'select 1 from host_feeds where host = any ($1::text[]) order by host for no key update',
      [hosts],
    );
    await client.query('set local session_replication_role = replica');
    await client.query('delete from port_bindings where host = any ($1::text[])', [hosts]);
    await client.query('delete from qos_rules where port_id = any ($1::uuid[])', [portIds]);
    const { feeds, bindings, rules } = backup;
    await client.query(
      'insert into qos_rules select * from jsonb_populate_recordset(null::qos_rules, $1::jsonb)',
      [JSON.stringify(rules)],
    );
    await client.query(
      'insert into port_bindings select * from jsonb_populate_recordset(null::port_bindings, $1::jsonb)',
      [JSON.stringify(bindings)],
    );
    await client.query(
      `update host_feeds f set head = b.head, floor = b.floor, admin_state_up = b.admin_state_up,
        admin_revision = b.admin_revision, epoch = history_epoch(f.epoch)
       from jsonb_populate_recordset(null::host_feeds, $1::jsonb) b where b.host = f.host`,
      [JSON.stringify(feeds)],
    );
    await client.query('select history_note(host) from unnest($1::text[]) as h (host)', [hosts]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}
