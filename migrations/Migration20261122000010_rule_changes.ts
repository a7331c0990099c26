import { Migration } from '@mikro-orm/migrations';

/**
 * Changing or deleting a single rule, from the reading to the audit, in one round trip. What a rule may
 * hold is the table's CHECKs to say, which repeat the domain's ranges: nothing has to be read before to
 * decide. The order of locks is invariant 2's: the rule's port, then its hosts by name, each read after.
 */
export class Migration20261122000010_rule_changes extends Migration {
  override up(): void {
    // sluice_touch_ports for one port that is locked: most ports are on one host, and a loop plans once.
    this.addSql(`
      create function sluice_touch_port(p_id uuid) returns text[] language plpgsql volatile as $$
      declare
        v_host text;
        v_head bigint;
        v_hosts text[] := '{}';
      begin
        for v_host in select b.host from port_bindings b
          where b.port_id = p_id and b.removed_at is null order by b.host
        loop
          update host_feeds f set head = f.head + 1 where f.host = v_host returning f.head into v_head;
          update port_bindings b set revision = v_head where b.port_id = p_id and b.host = v_host;
          v_hosts := v_hosts || v_host;
        end loop;
        return v_hosts;
      end $$`);

    // A rule as the server knows it.
    this.addSql(`
      create function sluice_rule(p_rule qos_rules) returns jsonb language sql stable as $$
        select jsonb_build_object('id', p_rule.id, 'tenantId', p_rule.tenant_id,
          'networkId', p_rule.network_id, 'portId', p_rule.port_id, 'direction', p_rule.direction,
          'maxKbps', p_rule.max_kbps, 'maxBurstKbps', p_rule.max_burst_kbps,
          'maxKpps', p_rule.max_kpps, 'maxBurstKpps', p_rule.max_burst_kpps,
          'minKbps', p_rule.min_kbps, 'dscpMark', p_rule.dscp_mark,
          'description', p_rule.description, 'version', p_rule.version,
          'createdAt', p_rule.created_at, 'updatedAt', p_rule.updated_at)
      $$`);
    this.addSql(`
      create function sluice_audit_rule(p_actor text, p_action text, p_before qos_rules, p_after qos_rules)
      returns void language plpgsql volatile as $$
      begin
        insert into audit_log (actor, action, object_id, tenant_id, before, after)
        values (p_actor, p_action, p_before.id, p_before.tenant_id,
          sluice_rule(p_before) - '{id,tenantId,createdAt,updatedAt}'::text[],
          case when p_after.id is not null
            then sluice_rule(p_after) - '{id,tenantId,createdAt,updatedAt}'::text[] end);
      end $$`);

    this.addSql('drop function sluice_update_rule, sluice_delete_rule');
    // No row: no such rule of p_tenant (null: anyone's). Not changed: it is not at p_expected (null: any
    // version will do), or already is so. p_patch names columns.
    this.addSql(`
      create function sluice_update_rule(p_id uuid, p_tenant text, p_expected integer, p_patch jsonb,
        p_actor text)
      returns table (rule jsonb, changed boolean, hosts text[]) language plpgsql volatile as $$
      #variable_conflict use_column
      declare
        v_before qos_rules;
        v_after qos_rules;
      begin
        perform 1 from ports p
          where p.id = (select r.port_id from qos_rules r
            where r.id = p_id and (p_tenant is null or r.tenant_id = p_tenant))
          for no key update;
        select * into v_before from qos_rules r
          where r.id = p_id and (p_tenant is null or r.tenant_id = p_tenant);
        if not found then return; end if;
        v_after := jsonb_populate_record(v_before, p_patch);
        if p_expected <> v_before.version or v_after is not distinct from v_before then
          return query select sluice_rule(v_before), false, '{}'::text[];
          return;
        end if;
        v_after.version := v_before.version + 1;
        v_after.updated_at := clock_timestamp();
        update qos_rules r set max_kbps = v_after.max_kbps, max_burst_kbps = v_after.max_burst_kbps,
          max_kpps = v_after.max_kpps, max_burst_kpps = v_after.max_burst_kpps,
          min_kbps = v_after.min_kbps, dscp_mark = v_after.dscp_mark, description = v_after.description,
          version = v_after.version, updated_at = v_after.updated_at
        where r.id = p_id;
        perform sluice_audit_rule(p_actor, 'qosRule.updated', v_before, v_after);
        return query select sluice_rule(v_after), true, sluice_touch_port(v_before.port_id);
      end $$`);
    this.addSql(`
      create function sluice_delete_rule(p_id uuid, p_tenant text, p_expected integer, p_actor text)
      returns table (rule jsonb, changed boolean, hosts text[]) language plpgsql volatile as $$
      #variable_conflict use_column
      declare
        v_rule qos_rules;
      begin
        perform 1 from ports p
          where p.id = (select r.port_id from qos_rules r
            where r.id = p_id and (p_tenant is null or r.tenant_id = p_tenant))
          for no key update;
        select * into v_rule from qos_rules r
          where r.id = p_id and (p_tenant is null or r.tenant_id = p_tenant);
        if not found then return; end if;
        if p_expected <> v_rule.version then
          return query select sluice_rule(v_rule), false, '{}'::text[];
          return;
        end if;
        delete from qos_rules r where r.id = p_id;
        perform sluice_audit_rule(p_actor, 'qosRule.deleted', v_rule, null);
        return query select sluice_rule(v_rule), true, sluice_touch_port(v_rule.port_id);
      end $$`);
  }

  override down(): void {
    this.addSql('drop function sluice_update_rule, sluice_delete_rule');
    this.addSql('drop function sluice_audit_rule, sluice_rule, sluice_touch_port');
    // As migration 5 made them.
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
}
