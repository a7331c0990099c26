import pg from 'pg';

/** A rule of the fleet, and the only host that has its port. */
export interface SeededRule {
  readonly id: string;
  readonly portId: string;
  readonly host: string;
}

/**
 * Makes `hosts` hosts named h00000…, each with `portsEach` ports plugged and one rule
 * on each; as SQL, since making them is not what is measured. Gives one rule of each host.
 */
export async function seedFleet(
  url: string,
  { hosts, portsEach }: { readonly hosts: number; readonly portsEach: number },
): Promise<SeededRule[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(
      `insert into host_feeds (host, head) select 'h' || lpad(n::text, 5, '0'), 1
       from generate_series(0, $1::int - 1) n`,
      [hosts],
    );
    await client.query(
      `with placed as (
         select gen_random_uuid() as id, 'h' || lpad(n::text, 5, '0') as host
         from generate_series(0, $1::int - 1) n, generate_series(1, $2::int)
       ), port as (insert into ports (id, tenant_id) select id, 'fleet' from placed),
       bound as (
         insert into port_bindings (port_id, host, bound, plugged, interface_name, revision, born_revision)
         select id, host, true, true, 'tap' || left(id::text, 11), 1, 1 from placed
       )
       insert into qos_rules (id, tenant_id, port_id, direction, max_kbps)
       select gen_random_uuid(), 'fleet', id, 'EGRESS', 1000 from placed`,
      [hosts, portsEach],
    );
    await client.query('vacuum analyze');
    const { rows } = await client.query<SeededRule>(
      `select distinct on (b.host) r.id, r.port_id as "portId", b.host
       from qos_rules r join port_bindings b using (port_id) order by b.host`,
    );
    return rows;
  } finally {
    await client.end();
  }
}

/** One host with so many ports, each limited in both directions. */
export async function seedLargeHost(url: string, host: string, ports: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('insert into host_feeds (host, head) values ($1, 1)', [host]);
    await client.query(
      `with port as (
         insert into ports (id, tenant_id) select gen_random_uuid(), 'large' from generate_series(1, $2::int)
         returning id
       ), bound as (
         insert into port_bindings (port_id, host, bound, plugged, interface_name, revision, born_revision)
         select id, $1, true, true, 'tap' || left(id::text, 11), 1, 1 from port
       )
       insert into qos_rules (id, tenant_id, port_id, direction, max_kbps)
       select gen_random_uuid(), 'large', id, direction, 1000
       from port, unnest(array['EGRESS', 'INGRESS']) as d (direction)`,
      [host, ports],
    );
  } finally {
    await client.end();
  }
}
