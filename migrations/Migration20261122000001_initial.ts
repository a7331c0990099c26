import { Migration } from '@mikro-orm/migrations';

/** The tables of DESIGN.md. CHECKs repeat the domain's ranges, so that no way in stores what no host can hold to. */
export class Migration20261122000001_initial extends Migration {
  override up(): void {
    this.addSql(`
      create table ports (
        id uuid primary key,
        tenant_id text check (char_length(tenant_id) between 1 and 255),
        network_id uuid,
        name text check (char_length(name) between 1 and 255),
        created_at timestamptz(3) not null default now()
      )`);
    this.addSql('create index ports_tenant on ports (tenant_id, id)');
    this.addSql('create index ports_network on ports (network_id, id)');

    this.addSql(`
      create table qos_rules (
        id uuid primary key,
        tenant_id text not null check (char_length(tenant_id) between 1 and 255),
        network_id uuid,
        port_id uuid not null references ports (id),
        direction text not null check (direction in ('EGRESS', 'INGRESS')),
        max_kbps integer check (max_kbps >= 1),
        max_burst_kbps integer check (max_burst_kbps >= 1),
        max_kpps integer check (max_kpps between 1 and 4294967),
        max_burst_kpps integer check (max_burst_kpps between 1 and 4294967),
        min_kbps integer check (min_kbps >= 1),
        dscp_mark smallint check (dscp_mark in (0, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 34, 36, 38, 40, 44, 46, 48, 56)),
        description text check (char_length(description) between 1 and 255),
        version integer not null default 1 check (version >= 1),
        created_at timestamptz(3) not null default now(),
        updated_at timestamptz(3) not null default now(),
        unique (port_id, direction),
        check (max_burst_kbps is null or max_kbps is not null),
        check (max_burst_kpps is null or max_kpps is not null),
        check (min_kbps <= max_kbps),
        check (dscp_mark is null or direction = 'EGRESS'),
        check (coalesce(max_kbps, max_kpps, min_kbps, dscp_mark) is not null)
      )`);
    this.addSql('create index qos_rules_created on qos_rules (created_at, id)');
    this.addSql('create index qos_rules_updated on qos_rules (updated_at, id)');
    this.addSql('create index qos_rules_tenant on qos_rules (tenant_id, id)');
    this.addSql('create index qos_rules_tenant_created on qos_rules (tenant_id, created_at, id)');
    this.addSql('create index qos_rules_network on qos_rules (network_id, id)');
    this.addSql('create index qos_rules_max_kbps on qos_rules (max_kbps, id)');

    // COLLATE "C": hosts are locked in name order, and that order must not depend on a locale (invariant 2).
    this.addSql(`
      create table host_feeds (
        host text collate "C" primary key check (char_length(host) between 1 and 255),
        epoch uuid not null default gen_random_uuid(),
        head bigint not null default 0,
        floor bigint not null default 0 check (floor <= head),
        admin_state_up boolean not null default true,
        admin_revision bigint not null default 0,
        feed_server uuid
      )`);

    this.addSql(`
      create table port_bindings (
        port_id uuid not null references ports (id),
        host text collate "C" not null references host_feeds (host),
        bound boolean not null,
        plugged boolean not null,
        interface_name text,
        revision bigint not null,
        born_revision bigint not null,
        bound_at timestamptz(3) not null default now(),
        unplugged_at timestamptz(3),
        removed_at timestamptz(3),
        primary key (port_id, host)
      )`);
    this.addSql('create index port_bindings_feed on port_bindings (host, revision)');
    this.addSql('create index port_bindings_pages on port_bindings (host, port_id)');
    this.addSql(
      'create index port_bindings_removed on port_bindings (removed_at) where removed_at is not null',
    );
    this.addSql(`
      create index port_bindings_unplugged on port_bindings (unplugged_at)
        where removed_at is null and not bound and not plugged`);

    this.addSql(`
      create table qos_reports (
        port_id uuid not null,
        host text collate "C" not null,
        direction text not null check (direction in ('EGRESS', 'INGRESS')),
        rule_id uuid not null,
        rule_version integer not null,
        epoch text not null,
        revision bigint not null,
        status text not null check (status in ('APPLIED', 'DEGRADED', 'FAILED', 'WAITING_FOR_PORT')),
        message text,
        programmed jsonb,
        reported_at timestamptz(3) not null default now(),
        primary key (port_id, host, direction),
        foreign key (port_id, host) references port_bindings (port_id, host) on delete cascade
      )`);

    this.addSql(`
      create table agents (
        id uuid primary key,
        host text collate "C" not null unique references host_feeds (host),
        agent_type text not null,
        "binary" text not null,
        version text,
        description text,
        configurations jsonb,
        created_at timestamptz(3) not null default now(),
        started_at timestamptz(3),
        heartbeat_at timestamptz(3),
        confirmed_epoch text,
        confirmed_revision bigint not null default 0
      )`);
    this.addSql('create index agents_heartbeat on agents (heartbeat_at)');

    // A server's sign of life: an agent whose feed is on a server that fell silent is not connected.
    this.addSql(
      'create table servers (id uuid primary key, seen_at timestamptz(3) not null default now())',
    );
    this.addSql(
      'create table revoked_tokens (id text primary key, revoked_at timestamptz(3) not null default now())',
    );
    this.addSql(`
      create table audit_log (
        id bigint generated always as identity primary key,
        at timestamptz(3) not null default now(),
        actor text not null,
        action text not null,
        object_id text not null,
        tenant_id text,
        before jsonb,
        after jsonb
      )`);
    this.addSql('create index audit_log_at on audit_log (at)');
    this.addSql('create index audit_log_object on audit_log (object_id, id)');
  }

  override down(): void {
    this.addSql(
      'drop table audit_log, revoked_tokens, servers, agents, qos_reports, port_bindings, host_feeds, qos_rules, ports',
    );
  }
}
