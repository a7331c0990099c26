import { Migration } from '@mikro-orm/migrations';

/**
 * What a tenant reaches is bounded by PostgreSQL too (decision 10). A transaction that begins with
 * sluice_bind(tenant) sees and writes that tenant's rows only, whatever its statements forget; one
 * that does not is the server's own. Roles and grants belong to the cluster: src/db/tenantRole.ts.
 */
export class Migration20261122000030_tenants_rows extends Migration {
  override up(): void {
    // Binds until the transaction ends, and fails where row security would not hold: a superuser's,
    // or one of a role that bypasses it. The role is missing only where the server could not make it.
    this.addSql(`
      create function sluice_bind(p_tenant text) returns setof void language plpgsql volatile as $$
      begin
        if coalesce(p_tenant, '') = '' then
          raise exception 'A transaction must be bound to a tenant that has a name.';
        end if;
        perform set_config('sluice.tenant', p_tenant, true);
        if current_user <> 'sluice_tenant' and to_regrole('sluice_tenant') is not null
          and pg_has_role('sluice_tenant', 'member')
        then
          perform set_config('role', 'sluice_tenant', true);
        end if;
        if not row_security_active('qos_rules') then
          raise exception 'Row-level security does not bind the role %.', current_user;
        end if;
      end $$`);

    for (const table of tables) {
      this.addSql(`alter table ${table} enable row level security`);
      this.addSql(
        `create policy server on ${table} using (${isUnbound}) with check (${isUnbound})`,
      );
    }
    this.addSql(`create policy tenant on ports using (tenant_id = ${tenant})`);
    // Judged before unique indexes are looked at: a rule for a foreign port tells nothing of that port's rules.
    this.addSql(`
      create policy tenant on qos_rules using (tenant_id = ${tenant})
      with check (tenant_id = ${tenant} and exists (
        select from ports p where p.id = qos_rules.port_id and p.tenant_id = ${tenant}))`);
    for (const table of ofPorts) {
      this.addSql(`
        create policy tenant on ${table} using (exists (
          select from ports p where p.id = ${table}.port_id and p.tenant_id = ${tenant}))`);
    }
    for (const table of ofHosts) {
      this.addSql(`
        create policy tenant on ${table} using (exists (
          select from port_bindings b join ports p on p.id = b.port_id
          where b.host = ${table}.host and p.tenant_id = ${tenant})) with check (true)`);
    }
    this.addSql(`create policy tenant on audit_log using (tenant_id = ${tenant})`);
    // When a server was last alive is nobody's secret, and says whether an agent is connected.
    this.addSql('create policy tenant on servers for select using (true)');

    // A view reads with its owner's rights otherwise.
    this.addSql('alter view qos_agent_bindings set (security_invoker = true)');

    // As migration 2 has it, without making feeds: bindings refer to hosts, and a tenant makes none.
    this.addSql(`
      create or replace function sluice_touch_ports(p_ids uuid[]) returns setof text
      language plpgsql volatile as $$
      declare
        v_hosts text[];
      begin
        select coalesce(array_agg(distinct b.host), '{}') into v_hosts from port_bindings b
          where b.port_id = any (p_ids) and b.removed_at is null;
        perform 1 from host_feeds f where f.host = any (v_hosts) order by f.host for no key update;
        update host_feeds f set head = f.head + 1 where f.host = any (v_hosts);
        update port_bindings b set revision = f.head from host_feeds f
          where f.host = b.host and b.host = any (v_hosts)
            and b.port_id = any (p_ids) and b.removed_at is null;
        return query select unnest(v_hosts);
      end $$`);
  }

  override down(): void {
    this.addSql(`
      create or replace function sluice_touch_ports(p_ids uuid[]) returns setof text
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
    this.addSql('alter view qos_agent_bindings reset (security_invoker)');
    for (const table of tables) {
      if (open.includes(table)) this.addSql(`drop policy tenant on ${table}`);
      this.addSql(`drop policy server on ${table}`);
      this.addSql(`alter table ${table} no force row level security, disable row level security`);
    }
    this.addSql('drop function sluice_bind');
  }
}

const ofPorts = ['port_bindings', 'qos_reports', 'qos_usage', 'removal_faults'];
const ofHosts = ['host_feeds', 'agents'];
/** Not for tenants at all. */
const closed = ['revoked_tokens', 'agent_credentials', 'enrolments', 'claim_budgets'];
const open = ['ports', 'qos_rules', ...ofPorts, ...ofHosts, 'audit_log', 'servers'];
const tables = [...open, ...closed];

/** Null where no transaction is bound, so that nothing equals it. After one, the setting reads ''. */
const tenant = `nullif(current_setting('sluice.tenant', true), '')`;
/** For a server whose role row security binds by itself; the tenants' role never is the server. */
const isUnbound = `${tenant} is null and current_user <> 'sluice_tenant'`;
