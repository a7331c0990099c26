import { Migration } from '@mikro-orm/migrations';

/**
 * How many rules a tenant may have, where an administrator said so, and the judging of it in the round trip
 * that makes a rule (decision 13). The tenant's lock comes after the ports' and before the hosts': whoever
 * waits for it keeps no other tenant waiting for a host.
 */
export class Migration20261122000050_tenant_quotas extends Migration {
  override up(): void {
    this.addSql(`
      create table tenant_quotas (
        tenant_id text primary key check (char_length(tenant_id) between 1 and 255),
        max_rules integer not null check (max_rules >= -1)
      )`);
    this.addSql('alter table tenant_quotas enable row level security');
    this.addSql(
      `create policy server on tenant_quotas using (${isUnbound}) with check (${isUnbound})`,
    );
    this.addSql(
      `create policy tenant on tenant_quotas for select using (tenant_id = ${boundTenant})`,
    );

    // A row: the tenant may not have p_more rules more; how many it has (counted to one past the quota) and
    // may have. Call with the ports locked. Counts after the lock, so that it sees what the lock waited for.
    // In order of the index (tenant_id, id): a tenant of few among many is no reason to read them all.
    this.addSql(`
      create function sluice_over_quota(p_tenant text, p_more integer, p_default integer)
      returns table (used integer, max_rules integer) language plpgsql volatile as $$
      #variable_conflict use_column
      declare
        v_max bigint;
        v_used integer;
      begin
        select coalesce(max(q.max_rules), p_default) into v_max from tenant_quotas q
          where q.tenant_id = p_tenant;
        if v_max = -1 then return; end if;
        perform pg_advisory_xact_lock(hashtextextended('sluice: rules of ' || p_tenant, 0));
        select count(*) into v_used from (
          select from qos_rules r where r.tenant_id = p_tenant order by r.id limit v_max + 1) counted;
        if v_used + p_more::bigint > v_max then
          return query select v_used, v_max::integer;
        end if;
      end $$`);

    this.addSql(dropCreateRule);
    this.addSql(createRule({ judged: true }));
  }

  override down(): void {
    this.addSql(dropCreateRule);
    this.addSql(createRule({ judged: false }));
    this.addSql('drop function sluice_over_quota');
    this.addSql('drop table tenant_quotas');
  }
}

/** As migration 30 has them. */
const boundTenant = `nullif(current_setting('sluice.tenant', true), '')`;
const isUnbound = `${boundTenant} is null and current_user <> 'sluice_tenant'`;

export const dropCreateRule = 'drop function sluice_create_rule';

/**
 * As migration 5 made it, and judged: a row with `used` and `max_rules` instead of the others says that the
 * tenant's quota has no room. Without p_default_max_rules, as servers of the version before call it, no quota holds.
 */
export const createRule = ({ judged, touch = touchPorts }: { judged: boolean; touch?: string }) => `
  create function sluice_create_rule(p_rule jsonb, p_seen_tenant text, p_seen_network uuid,
    p_register boolean, p_audit jsonb${judged ? ', p_default_max_rules integer default null' : ''})
  returns table (created_at timestamptz, hosts text[]${judged ? ', used integer, max_rules integer' : ''})
  language plpgsql volatile as $$
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
    then return; end if;${judged ? refusal : ''}
    if v_port.tenant_id is null or v_port.network_id is distinct from v_rule.network_id then
      update ports set tenant_id = v_rule.tenant_id, network_id = v_rule.network_id where id = v_port.id;
      update qos_rules set network_id = v_rule.network_id where port_id = v_port.id;
    end if;
    v_rule.version := 1;
    v_rule.created_at := v_at;
    v_rule.updated_at := v_at;
    insert into qos_rules select v_rule.*;
    ${touch};
    perform sluice_audit(p_audit);
    return query select v_rule.created_at, v_hosts${judged ? ', null::integer, null::integer' : ''};
  end $$`;

const touchPorts =
  "select coalesce(array_agg(t.host), '{}') into v_hosts from sluice_touch_ports(array[v_port.id]) t (host)";

const refusal = `
    if p_default_max_rules is not null then
      return query select null::timestamptz, null::text[], q.used, q.max_rules
        from sluice_over_quota(v_rule.tenant_id, 1, p_default_max_rules) q;
      if found then return; end if;
    end if;`;
