import { Migration20261122000001_initial } from './Migration20261122000001_initial.ts';
import { Migration20261122000002_feed_functions } from './Migration20261122000002_feed_functions.ts';
import { Migration20261122000003_bindings_view } from './Migration20261122000003_bindings_view.ts';
import { Migration20261122000005_rule_writes } from './Migration20261122000005_rule_writes.ts';
import { Migration20261122000006_usage } from './Migration20261122000006_usage.ts';
import { Migration20261122000010_rule_changes } from './Migration20261122000010_rule_changes.ts';
import { Migration20261122000011_removal_faults } from './Migration20261122000011_removal_faults.ts';
import { Migration20261122000012_updates_in_place } from './Migration20261122000012_updates_in_place.ts';
import { Migration20261122000020_audit_address } from './Migration20261122000020_audit_address.ts';
import { Migration20261122000021_enrolment } from './Migration20261122000021_enrolment.ts';
import { Migration20261122000022_port_claims } from './Migration20261122000022_port_claims.ts';
import { Migration20261122000030_tenants_rows } from './Migration20261122000030_tenants_rows.ts';
import { Migration20261122000050_tenant_quotas } from './Migration20261122000050_tenant_quotas.ts';
import { Migration20261122000051_policy_by_port } from './Migration20261122000051_policy_by_port.ts';
import { Migration20261122000052_create_touches_one_port } from './Migration20261122000052_create_touches_one_port.ts';
import { Migration20261122000053_usage_unmoved } from './Migration20261122000053_usage_unmoved.ts';

/** Every migration, oldest first: by name, since what is built has no folder to look into. */
export const migrationsList = [
  Migration20261122000001_initial,
  Migration20261122000002_feed_functions,
  Migration20261122000003_bindings_view,
  Migration20261122000005_rule_writes,
  Migration20261122000006_usage,
  Migration20261122000010_rule_changes,
  Migration20261122000011_removal_faults,
  Migration20261122000012_updates_in_place,
  Migration20261122000020_audit_address,
  Migration20261122000021_enrolment,
  Migration20261122000022_port_claims,
  Migration20261122000030_tenants_rows,
  Migration20261122000050_tenant_quotas,
  Migration20261122000051_policy_by_port,
  Migration20261122000052_create_touches_one_port,
  Migration20261122000053_usage_unmoved,
];
