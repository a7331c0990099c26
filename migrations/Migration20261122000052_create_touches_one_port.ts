import { Migration } from '@mikro-orm/migrations';
import { createRule, dropCreateRule } from './Migration20261122000050_tenant_quotas.ts';

/** A rule that is made moves its port forward as one that is changed does: with statements for that port alone. */
export class Migration20261122000052_create_touches_one_port extends Migration {
  override up(): void {
    this.addSql(dropCreateRule);
    this.addSql(createRule({ judged: true, touch: 'v_hosts := sluice_touch_port(v_port.id)' }));
  }

  override down(): void {
    this.addSql(dropCreateRule);
    this.addSql(createRule({ judged: true }));
  }
}
