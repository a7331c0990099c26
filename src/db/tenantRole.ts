import type { EntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { messageOf, UserError } from '../../lib/errors.ts';
import { query } from './query.ts';

/** What tenants' statements run as (migration 30). Roles are the cluster's, so no migration can count on one. */
const role = 'sluice_tenant';

interface Grant {
  readonly table: string;
  readonly privilege: 'select' | 'insert' | 'update' | 'delete';
  /** Left out: all. */
  readonly columns?: readonly string[];
}

/** All that tenants may do, on the rows that the policies leave them. A new table is nobody's but the server's. */
const grants: readonly Grant[] = [
  { table: 'qos_rules', privilege: 'select' },
  { table: 'qos_rules', privilege: 'insert' },
  { table: 'qos_rules', privilege: 'update' },
  { table: 'qos_rules', privilege: 'delete' },
  { table: 'ports', privilege: 'select' },
  // A rule may tell the network of a port whose network nobody knew.
  { table: 'ports', privilege: 'update', columns: ['tenant_id', 'network_id', 'name'] },
  { table: 'port_bindings', privilege: 'select' },
  { table: 'port_bindings', privilege: 'update', columns: ['revision'] },
  { table: 'host_feeds', privilege: 'select' },
  { table: 'host_feeds', privilege: 'update', columns: ['head'] },
  {
    table: 'agents',
    privilege: 'select',
    // Without configurations: administrators only (contract, Agent).
    columns: [
      ...['id', 'host', 'agent_type', 'binary', 'version', 'description', 'created_at'],
      ...['started_at', 'heartbeat_at', 'confirmed_epoch', 'confirmed_revision'],
    ],
  },
  { table: 'servers', privilege: 'select' },
  { table: 'qos_reports', privilege: 'select' },
  { table: 'qos_usage', privilege: 'select' },
  { table: 'usage_samples', privilege: 'select' },
  { table: 'removal_faults', privilege: 'select' },
  { table: 'qos_agent_bindings', privilege: 'select' },
  { table: 'tenant_quotas', privilege: 'select' },
  { table: 'audit_log', privilege: 'insert' },
];

/** PostgreSQL 15: views that read with the rights of who reads them (security_invoker). */
const oldestVersion = 150_000;

/** Before the migrations, whose statements an older PostgreSQL would only call wrong. */
export async function refuseOldPostgres(em: EntityManager): Promise<void> {
  const [server] = await query(
    em,
    sql<{ number: string; version: string }>`
      select current_setting('server_version_num') as number, current_setting('server_version') as version`,
  );
  if (Number(server?.number) < oldestVersion) {
    throw new UserError(`PostgreSQL 15 or later is needed; this is ${server?.version}.`);
  }
}

/**
 * Makes sure that row-level security binds tenants, in the em's transaction. Where the server's role
 * may make no other, tenants run as itself, and its tables are made to bind their owner as well.
 */
export async function prepareTenantRole(em: EntityManager): Promise<void> {
  await query(em, makeRole);
  const [mine] = await query(
    em,
    sql<{ usable: boolean }>`
      select coalesce(pg_has_role(to_regrole(${role}), 'member'), false) as usable`,
  );
  if (mine?.usable) await grantMissing(em);
  else await query(em, forceOwner);
  await proveBinding(em);
}

const makeRole = sql`
  do $$ begin
    if to_regrole('sluice_tenant') is null then
      create role sluice_tenant nologin;
    end if;
    if not pg_has_role('sluice_tenant', 'member') then
      grant sluice_tenant to current_user;
    end if;
  exception when insufficient_privilege or duplicate_object or unique_violation then null;
  end $$`;

const openSchema = sql`
  do $$ begin
    if not has_schema_privilege('sluice_tenant', current_schema(), 'usage') then
      execute format('grant usage on schema %I to sluice_tenant', current_schema());
    end if;
  end $$`;

const forceOwner = sql`
  do $$ declare
    v_table regclass;
  begin
    for v_table in select oid::regclass from pg_class
      where relnamespace = current_schema()::regnamespace and relrowsecurity and not relforcerowsecurity
        and pg_has_role(relowner, 'usage')
    loop
      execute format('alter table %s force row level security', v_table);
    end loop;
  end $$`;

async function grantMissing(em: EntityManager): Promise<void> {
  await query(em, openSchema);
  const all = grants.flatMap(({ table, privilege, columns }) =>
    (columns ?? [null]).map((column) => ({ table, privilege, column })),
  );
  const missing = await query(
    em,
    sql<{ statement: string }>`
      select format('grant %s%s on %I to %I', privilege, '(' || quote_ident("column") || ')', "table", ${role}::text)
        as statement
      from jsonb_to_recordset(${JSON.stringify(all)}::jsonb) as g ("table" text, privilege text, "column" text)
      where case when "column" is null then not has_table_privilege(${role}, "table", privilege)
        else not has_column_privilege(${role}, "table", "column", privilege) end`,
  );
  for (const { statement } of missing) await query(em, sql.raw(statement));
}

/** Binds a transaction as a tenant's is, and looks whether that holds for every table. */
export async function proveBinding(em: EntityManager): Promise<void> {
  await query(em, sql`savepoint unbound`);
  try {
    await query(em, sql`select sluice_bind('a tenant')`);
    const [open] = await query(
      em,
      sql<{ tables: string | null }>`
        select string_agg(oid::regclass::text, ', ') as tables from pg_class
        where relnamespace = current_schema()::regnamespace and relrowsecurity and not row_security_active(oid)`,
    );
    if (open?.tables) throw new Error(`It does not hold for ${open.tables}.`);
  } catch (error) {
    throw new UserError(`${unbindable} ${messageOf(error)}`);
  }
  await query(em, sql`rollback to savepoint unbound`);
}

const unbindable =
  "PostgreSQL's row-level security cannot keep tenants apart, since the server's role passes by it: " +
  `let an administrator of the database run "create role ${role} nologin" and "grant ${role} to" that role.`;
