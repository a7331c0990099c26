import { Migration } from '@mikro-orm/migrations';

/**
 * What passed and what was dropped, as an agent last counted it. Apart from qos_reports, which a limit's
 * state is read from: counters come with every heartbeat and must neither move a feed nor be in a change's way.
 */
export class Migration20261122000006_usage extends Migration {
  override up(): void {
    // No index but the key, and room on each page: a new sample takes its old one's place without touching an index.
    this.addSql(`
      create table qos_usage (
        port_id uuid not null,
        host text collate "C" not null,
        direction text not null check (direction in ('EGRESS', 'INGRESS')),
        rule_id uuid not null,
        bytes bigint check (bytes >= 0),
        packets bigint not null check (packets >= 0),
        dropped_bytes bigint check (dropped_bytes >= 0),
        dropped_packets bigint check (dropped_packets >= 0),
        since timestamptz(3),
        at timestamptz(3) not null,
        primary key (port_id, host, direction),
        foreign key (port_id, host) references port_bindings (port_id, host) on delete cascade
      ) with (fillfactor = 70)`);
  }

  override down(): void {
    this.addSql('drop table qos_usage');
  }
}
