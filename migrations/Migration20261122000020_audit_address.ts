import { Migration } from '@mikro-orm/migrations';

/**
 * From where each change was asked for, in the audit log. A rule's change stays one round trip: its
 * function takes the address as it takes the actor.
 */
export class Migration20261122000020_audit_address extends Migration {
  override up(): void {
    this.addSql('alter table audit_log add column address text');
    this.addSql(dropRuleChanges);
    this.addSql(`
      create or replace function sluice_audit(p_entry jsonb) returns void language sql volatile as $$
        insert into audit_log (actor, address, action, object_id, tenant_id, before, after)
        values (p_entry->>'actor', p_entry->>'address', p_entry->>'action', p_entry->>'objectId',
          p_entry->>'tenantId', nullif(p_entry->'before', 'null'), nullif(p_entry->'after', 'null'))
      $$`);
    for (const statement of ruleChanges(', p_address text', ', p_address')) this.addSql(statement);
  }

  override down(): void {
    this.addSql(dropRuleChanges);
    this.addSql(`
      create or replace function sluice_audit(p_entry jsonb) returns void language sql volatile as $$
        insert into audit_log (actor, action, object_id, tenant_id, before, after)
        values (p_entry->>'actor', p_entry->>'action', p_entry->>'objectId', p_entry->>'tenantId',
          nullif(p_entry->'before', 'null'), nullif(p_entry->'after', 'null'))
      $$`);
    for (const statement of ruleChanges('', '')) this.addSql(statement);
    this.addSql('alter table audit_log drop column address');
  }
}

const dropRuleChanges = 'drop function sluice_update_rule, sluice_delete_rule, sluice_audit_rule';

/** As migration 10 made them, with the address among their parameters where there is one. */
const ruleChanges = (declared: string, passed: string): string[] => [
  `
    create function sluice_audit_rule(p_actor text${declared}, p_action text, p_before qos_rules,
      p_after qos_rules)
    returns void language plpgsql volatile as $$
    begin
      insert into audit_log (actor${passed && ', address'}, action, object_id, tenant_id, before, after)
      values (p_actor${passed}, p_action, p_before.id, p_before.tenant_id,
        sluice_rule(p_before) - '{id,tenantId,createdAt,updatedAt}'::text[],
        case when p_after.id is not null
          then sluice_rule(p_after) - '{id,tenantId,createdAt,updatedAt}'::text[] end);
    end $$`,
  `
    create function sluice_update_rule(p_id uuid, p_tenant text, p_expected integer, p_patch jsonb,
      p_actor text${declared})
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
      perform sluice_audit_rule(p_actor${passed}, 'qosRule.updated', v_before, v_after);
      return query select sluice_rule(v_after), true, sluice_touch_port(v_before.port_id);
    end $$`,
  `
    create function sluice_delete_rule(p_id uuid, p_tenant text, p_expected integer, p_actor text${declared})
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
      perform sluice_audit_rule(p_actor${passed}, 'qosRule.deleted', v_rule, null);
      return query select sluice_rule(v_rule), true, sluice_touch_port(v_rule.port_id);
    end $$`,
];
