import { Migration } from '@mikro-orm/migrations';

/**
 * The locking protocol of invariant 2, in one place. All functions are VOLATILE plpgsql: under READ
 * COMMITTED each statement inside takes its own snapshot, so what follows a lock sees what the lock
 * waited for. (A single statement would not.)
 */
export class Migration20261122000002_feed_functions extends Migration {
  override up(): void {
    // The cluster and timeline of this database: a restored dump or a recovery to a point in time has another.
    // The timeline comes from the WAL position, since the control file's lags behind a promotion.
    this.addSql(`
      create function sluice_cluster() returns text language sql stable as $$
        select system_identifier::text || '.' ||
          case when pg_is_in_recovery() then 'standby' else left(pg_walfile_name(pg_current_wal_lsn()), 8) end
        from pg_control_system()
      $$`);

    // Locks ports in id order. A port that does not exist is inserted first where p_register says so:
    // only a row can be locked. The DO UPDATE that never updates locks an existing row in its place.
    this.addSql(`
      create function sluice_lock_ports(p_ids uuid[], p_register boolean) returns setof ports
      language plpgsql volatile as $$
      begin
        if p_register then
          insert into ports as p (id) select distinct u.id from unnest(p_ids) as u (id) order by u.id
            on conflict (id) do update set name = p.name where false;
        else
          perform 1 from ports p where p.id = any (p_ids) order by p.id for no key update;
        end if;
        return query select p.* from ports p where p.id = any (p_ids) order by p.id;
      end $$`);

    // Locks hosts in name order, making the feed of a host never heard of, then raises each head by one.
    this.addSql(`
      create function sluice_raise_heads(p_hosts text[]) returns table (host text, head bigint)
      language plpgsql volatile as $$
      #variable_conflict use_column
      begin
        insert into host_feeds as f (host)
          select distinct u.host collate "C" from unnest(p_hosts) as u (host) order by 1
          on conflict (host) do update set head = f.head where false;
        return query update host_feeds f set head = f.head + 1 where f.host = any (p_hosts)
          returning f.host, f.head;
      end $$`);

    // Call with the ports locked: moves them forward in the feed of every host that has them.
    this.addSql(`
      create function sluice_touch_ports(p_ids uuid[]) returns setof text
      language plpgsql volatile as $$
      declare
        v_hosts text[];
      begin
        select coalesce(array_agg(distinct b.host), '{}') into v_hosts from port_bindings b
          where b.port_id = any (p_ids) and b.removed_at is null;
        perform sluice_raise_heads(v_hosts);
        update port_bindings b set revision = f.head from host_feeds f
          where f.host = b.host and b.host = any (v_hosts)
            and b.port_id = any (p_ids) and b.removed_at is null;
        return query select unnest(v_hosts);
      end $$`);
  }

  override down(): void {
    this.addSql(
      'drop function sluice_touch_ports, sluice_raise_heads, sluice_lock_ports, sluice_cluster',
    );
  }
}
