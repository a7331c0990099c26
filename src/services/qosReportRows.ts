import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { query } from '../db/query.ts';
import { bounds } from '../domain/text.ts';
import type { RuleNotice } from '../feed/notice.ts';
import { confirm } from './confirm.ts';
import type { QosReport } from './qosReport.ts';
import { writeRemovals } from './removalRows.ts';

/** A result that counted; `changed`: it says something else than what was recorded. */
export type AcceptedResult = RuleNotice & { readonly changed: boolean };

export interface WrittenReport {
  readonly accepted: readonly AcceptedResult[];
  /** False where the position could not be recorded: a first report may outrun its agent's first heartbeat. */
  readonly isRecorded: boolean;
}

/** Writes the reports of many hosts, all results in one statement. Gives what counted of each. */
export async function writeReports(
  { em: root }: MikroORM,
  reports: readonly QosReport[],
): Promise<WrittenReport[]> {
  const em = root.fork();
  const accepted = reports.map((): AcceptedResult[] => []);
  if (reports.some(({ results }) => results.length > 0)) {
    for (const { report, ...result } of await writeResults(em, reports)) {
      accepted[report]?.push(result);
    }
  }
  await writeRemovals(em, reports);
  const known = await confirm(
    em,
    reports.filter(({ complete }) => complete).map(({ host, to }) => ({ host, position: to })),
  );
  return reports.map(({ host, complete }, index) => ({
    accepted: accepted[index] ?? [],
    isRecorded: !complete || known.has(host),
  }));
}

/**
 * Rows are written in the order of their key, so that two servers' writes never wait for each other in a circle.
 * `offset 0` has what each result needs looked up by its key: whole tables would be read for a hundred results.
 */
function writeResults(em: EntityManager, reports: readonly QosReport[]) {
  return query(
    em,
    sql<AcceptedResult & { report: number }>`
      with result as materialized (
        select distinct on (x."portId", x.host, x.direction) x.report, x.host collate "C" as host, x.epoch,
          x.revision, x."portId" as port_id, x.direction, x."ruleId" as rule_id,
          x."ruleVersion" as rule_version, x.status, left(x.message, ${bounds.messageLength}) as message,
          x.programmed
        from jsonb_to_recordset(${storable(reports.flatMap(rowsOf))}::jsonb) as x (report integer, host text,
          epoch text, revision bigint, "portId" uuid, direction text, "ruleId" uuid, "ruleVersion" integer,
          status text, message text, programmed jsonb)
        order by x."portId", x.host, x.direction, x.report desc
      ), current as materialized (
        select result.*, r.tenant_id, r.network_id,
          q.status is distinct from result.status or q.message is distinct from result.message
            or q.rule_version is distinct from result.rule_version as changed
        from result
        cross join lateral (select * from qos_rules r where r.id = result.rule_id
          and r.port_id = result.port_id and r.direction = result.direction
          and r.version = result.rule_version offset 0) r
        cross join lateral (select * from port_bindings b where b.port_id = result.port_id
          and b.host = result.host and b.removed_at is null and b.born_revision <= result.revision offset 0) b
        join host_feeds f on f.host = b.host and result.revision <= f.head
          and f.epoch::text || '.' || (select sluice_cluster()) = result.epoch
        left join lateral (select * from qos_reports q where q.port_id = result.port_id
          and q.host = b.host and q.direction = result.direction offset 0) q on true
      ), written as (
        insert into qos_reports as q (port_id, host, direction, rule_id, rule_version, epoch, revision,
          status, message, programmed, reported_at)
        select port_id, host, direction, rule_id, rule_version, epoch, revision, status, message, programmed,
          clock_timestamp()
        from current order by port_id, host, direction
        on conflict (port_id, host, direction) do update set rule_id = excluded.rule_id,
          rule_version = excluded.rule_version, epoch = excluded.epoch, revision = excluded.revision,
          status = excluded.status, message = excluded.message, programmed = excluded.programmed,
          reported_at = excluded.reported_at
        where q.epoch <> excluded.epoch or q.revision <= excluded.revision
        returning port_id, host, direction
      )
      select c.report, 'STATUS_CHANGED' as type, c.rule_id as id, c.tenant_id as "tenantId",
        c.network_id as "networkId", c.port_id as "portId", c.direction, c.changed
      from current c join written using (port_id, host, direction)`,
  );
}

const rowsOf = ({ host, to, results }: QosReport, report: number) =>
  results.map((result) => ({
    ...result,
    report,
    host,
    epoch: to.epoch,
    revision: to.revision.toString(),
  }));

/** PostgreSQL's jsonb refuses NUL, and an agent's message may quote any name of its switch. */
const storable = (rows: readonly object[]): string =>
  JSON.stringify(rows, (_key, value) =>
    typeof value === 'string' ? value.toWellFormed().replaceAll('\u0000', '\uFFFD') : value,
  );
