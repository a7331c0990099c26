import { Migration } from '@mikro-orm/migrations';

/**
 * A QosAgentBinding: rule ⋈ port_bindings ⋈ agent, with its report. Derived, so always current.
 * A report counts only if it is about the rule's present version, came from the present epoch, and is
 * no older than the binding and the host's last change of admin state.
 */
export class Migration20261122000003_bindings_view extends Migration {
  override up(): void {
    this.addSql(`
      create view qos_agent_bindings as
      select r.id as rule_id, r.port_id, r.direction, r.tenant_id, b.host, a.id as agent_id,
        case
          when a.id is null then 'NO_AGENT'
          when not f.admin_state_up then
            case when a.confirmed_epoch = f.epoch::text || '.' || (select sluice_cluster())
                   and a.confirmed_revision >= f.admin_revision
              then 'DISABLED' else 'PENDING' end
          else coalesce(q.status, 'PENDING')
        end as status,
        q.message, q.programmed,
        greatest(r.updated_at, b.bound_at) as requested_at,
        case when q.status in ('APPLIED', 'DEGRADED') then q.reported_at end as applied_at
      from qos_rules r
      join port_bindings b on b.port_id = r.port_id and b.removed_at is null
      join host_feeds f on f.host = b.host
      left join agents a on a.host = b.host
      left join qos_reports q on f.admin_state_up
        and q.port_id = r.port_id and q.host = b.host and q.direction = r.direction
        and q.rule_id = r.id and q.rule_version = r.version
        and q.epoch = f.epoch::text || '.' || (select sluice_cluster())
        and q.revision >= greatest(b.born_revision, f.admin_revision)`);
  }

  override down(): void {
    this.addSql('drop view qos_agent_bindings');
  }
}
