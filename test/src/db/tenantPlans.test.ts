import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { query } from '../../../src/db/query.ts';
import { emOf, member, startServices, type TestServices } from '../../support/services.ts';

let running: TestServices;
beforeAll(async () => {
  running = await startServices();
  const as = emOf(running.services);
  // So many that the planner would rather read them all than look some up.
  await query(as, sql`insert into host_feeds (host) values ('host-0'), ('host-1')`);
  await query(
    as,
    sql`
      with port as (
        insert into ports (id, tenant_id) select gen_random_uuid(), 'large' from generate_series(1, 5000)
        returning id)
      insert into port_bindings (port_id, host, bound, plugged, revision, born_revision)
      select id, 'host-' || (row_number() over ())::int % 2, true, false, 1, 1 from port`,
  );
  await query(as, sql`analyze ports, port_bindings, host_feeds`);
});
afterAll(() => running[Symbol.asyncDispose]());

const planOf = async (statement: string): Promise<string> => {
  const rows = await query(
    running.services.emFor(member('large')),
    sql<{ 'QUERY PLAN': string }>`explain ${sql.raw(statement)}`,
  );
  return rows.map((row) => row['QUERY PLAN']).join('\n');
};

test.each([
  "update host_feeds set head = head + 1 where host = 'host-0'",
  "select * from host_feeds where host = any ('{host-0}') for no key update",
  "select host from agents where host = 'host-0'",
])('the size of a tenant is not what it takes to see a host of its own: %s', async (statement) => {
  const plan = await planOf(statement);
  expect(plan).toContain('on port_bindings');
  expect(plan).not.toMatch(/hashed SubPlan|Seq Scan on ports/);
});
