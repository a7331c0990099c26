import { Migration } from '@mikro-orm/migrations';

/**
 * What changes all the time touches no index: a new row takes its old one's place on the same page
 * (heap-only tuples, PostgreSQL's storage chapter) where no indexed column changed and the page has room.
 * A list sorted by limit or by last change, and the rare looks for silent agents, sort or read through
 * what they list instead: 16 to 29 ms for 100,000 rules, which nobody's change has to pay for.
 */
export class Migration20261122000012_updates_in_place extends Migration {
  override up(): void {
    this.addSql('drop index qos_rules_updated, qos_rules_max_kbps, agents_heartbeat');
    for (const table of inPlace) this.addSql(`alter table ${table} set (fillfactor = 80)`);
    // Only ever appended to, in order of time: the summary of each run of pages is enough.
    this.addSql('drop index audit_log_at');
    this.addSql('create index audit_log_at on audit_log using brin (at)');
  }

  override down(): void {
    this.addSql('drop index audit_log_at');
    this.addSql('create index audit_log_at on audit_log (at)');
    for (const table of inPlace) this.addSql(`alter table ${table} reset (fillfactor)`);
    this.addSql('create index qos_rules_updated on qos_rules (updated_at, id)');
    this.addSql('create index qos_rules_max_kbps on qos_rules (max_kbps, id)');
    this.addSql('create index agents_heartbeat on agents (heartbeat_at)');
  }
}

const inPlace = ['qos_rules', 'host_feeds', 'port_bindings', 'qos_reports', 'agents'] as const;
