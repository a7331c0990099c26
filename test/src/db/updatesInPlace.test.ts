import pg from 'pg';
import { expect, test } from 'vitest';
import { createDatabase } from '../../support/postgres.ts';

/** A rule on a bound port, and its host's agent. */
const seed = `
  insert into host_feeds (host) values ('h1');
  insert into ports (id) values ('00000000-0000-4000-8000-000000000001');
  insert into port_bindings (port_id, host, bound, plugged, revision, born_revision)
    values ('00000000-0000-4000-8000-000000000001', 'h1', true, true, 0, 0);
  insert into qos_rules (id, tenant_id, port_id, direction, max_kbps)
    values ('00000000-0000-4000-8000-000000000002', 't', '00000000-0000-4000-8000-000000000001', 'EGRESS', 1000);
  insert into qos_reports (port_id, host, direction, rule_id, rule_version, epoch, revision, status)
    values ('00000000-0000-4000-8000-000000000001', 'h1', 'EGRESS', '00000000-0000-4000-8000-000000000002', 1, 'e', 0, 'APPLIED');
  insert into agents (id, host, agent_type, "binary", heartbeat_at)
    values (gen_random_uuid(), 'h1', 'Open vSwitch agent', 'sluice-agent', now())`;

test('a rule’s change, its report and a heartbeat touch no index but the feed’s own', async () => {
  await using database = await createDatabase();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    await client.query(seed);

    await client.query('begin');
    await client.query(
      `select * from sluice_update_rule('00000000-0000-4000-8000-000000000002', null, null,
        '{"max_kbps": 2000, "description": "faster"}', 'admin test', '192.0.2.1')`,
    );
    await client.query(
      `update qos_reports set rule_version = 2, revision = 1, reported_at = now()`,
    );
    await client.query(
      `update agents set heartbeat_at = clock_timestamp(), confirmed_revision = 1`,
    );
    const { rows } = await client.query<{ relname: string }>(
      `select relname from pg_stat_xact_user_tables
       where n_tup_upd > 0 and n_tup_upd = n_tup_hot_upd order by relname`,
    );
    await client.query('commit');

    expect(rows.map(({ relname }) => relname)).toEqual([
      'agents',
      'host_feeds',
      'qos_reports',
      'qos_rules',
    ]);
  } finally {
    await client.end();
  }
});
