import { Migration } from '@mikro-orm/migrations';

/**
 * Limits that nobody asks for any more and an agent could not remove, with its reason. Apart from
 * qos_reports, whose rows are about rules.
 */
export class Migration20261122000011_removal_faults extends Migration {
  override up(): void {
    this.addSql(`
      create table removal_faults (
        port_id uuid not null,
        host text collate "C" not null,
        direction text not null check (direction in ('EGRESS', 'INGRESS')),
        message text not null,
        reported_at timestamptz(3) not null default now(),
        primary key (port_id, host, direction),
        foreign key (port_id, host) references port_bindings (port_id, host) on delete cascade
      )`);
  }

  override down(): void {
    this.addSql('drop table removal_faults');
  }
}
