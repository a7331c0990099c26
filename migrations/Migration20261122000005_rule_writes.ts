import { Migration } from '@mikro-orm/migrations';

/**
 * A single rule's change in one round trip. What to write was decided from a read before; each function
 * takes the locks of invariant 2, looks whether what was read still is so, and only then writes rule,
 * revisions and audit. No row: it is not so any more, and the caller reads and decides anew.
 */
export class Migration20261122000005_rule_writes extends Migration {
  override up(): void {
    this.addSql(`
      create function sluice_audit(p_entry jsonb) returns void language sql volatile as $$
        insert into audit_log (actor, action, object_id, tenant_id, before, after)
        values (p_entry->>'actor', p_entry->>'action', p_entry->>'objectId', p_entry->>'tenantId',
          nullif(p_entry->'before', 'null'), nullif(p_entry->'after', 'null'))
      $$`);

    this.addSql(`
      create function sluice_create_rule(p_rule jsonb, p_seen_tenant text, p_seen_network uuid,
        p_register boolean, p_audit jsonb)
      returns table (created_at timestamptz, hosts text[]) language plpgsql volatile as $$
      #variable_conflict use_column
      declare
        v_rule qos_rules := jsonb_populate_record(null::qos_rules, p_rule);
        v_port ports;
        v_at timestamptz := clock_timestamp();
        v_hosts text[];
      begin
        select * into v_port from sluice_lock_ports(array[v_rule.port_id], p_register);
        if v_port.id is null or v_port.tenant_id is distinct from p_seen_tenant
          or v_port.network_id is distinct from p_seen_network
          or exists (select 1 from qos_rules r
            where r.port_id = v_rule.port_id and r.direction = v_rule.direction)
        then return; end if;
        if v_port.tenant_id is null or v_port.network_id is distinct from v_rule.network_id then
          update ports set tenant_id = v_rule.tenant_id, network_id = v_rule.network_id where id = v_port.id;
          update qos_rules set network_id = v_rule.network_id where port_id = v_port.id;
        end if;
        v_rule.version := 1;
        v_rule.created_at := v_at;
        v_rule.updated_at := v_at;
        insert into qos_rules select v_rule.*;
        select coalesce(array_agg(t.host), '{}') into v_hosts from sluice_touch_ports(array[v_port.id]) t (host);
        perform sluice_audit(p_audit);
        return query select v_rule.created_at, v_hosts;
      end $$`);

    this.addSql(`
      create function sluice_update_rule(p_id uuid, p_port_id uuid, p_seen_version integer, p_values jsonb,
        p_audit jsonb)
      returns table (updated_at timestamptz, hosts text[]) language plpgsql volatile as $$
      #variable_conflict use_column
      declare
        v_rule qos_rules;
        v_hosts text[];
      begin
        perform sluice_lock_ports(array[p_port_id], false);
        select * into v_rule from qos_rules r where r.id = p_id and r.version = p_seen_version;
        if not found then return; end if;
        v_rule := jsonb_populate_record(v_rule, p_values);
        v_rule.updated_at := clock_timestamp();
        update qos_rules r set max_kbps = v_rule.max_kbps, max_burst_kbps = v_rule.max_burst_kbps,
          max_kpps = v_rule.max_kpps, max_burst_kpps = v_rule.max_burst_kpps, min_kbps = v_rule.min_kbps,
          dscp_mark = v_rule.dscp_mark, description = v_rule.description, version = r.version + 1,
          updated_at = v_rule.updated_at
        where r.id = p_id;
        select coalesce(array_agg(t.host), '{}') into v_hosts from sluice_touch_ports(array[p_port_id]) t (host);
        perform sluice_audit(p_audit);
        return query select v_rule.updated_at, v_hosts;
      end $$`);

    this.addSql(`
      create function sluice_delete_rule(p_id uuid, p_port_id uuid, p_seen_version integer, p_audit jsonb)
      returns table (hosts text[]) language plpgsql volatile as $$
      declare
        v_hosts text[];
      begin
        perform sluice_lock_ports(array[p_port_id], false);
        delete from qos_rules r where r.id = p_id and r.version = p_seen_version;
        if not found then return; end if;
        select coalesce(array_agg(t.host), '{}') into v_hosts from sluice_touch_ports(array[p_port_id]) t (host);
        perform sluice_audit(p_audit);
        return query select v_hosts;
      end $$`);
  }

  override down(): void {
    this.addSql(
      'drop function sluice_create_rule, sluice_update_rule, sluice_delete_rule, sluice_audit',
    );
  }
}
