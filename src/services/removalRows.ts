import type { EntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { query } from '../db/query.ts';
import { bounds } from '../domain/text.ts';
import type { QosReport, QosResultInput } from './qosReport.ts';

/**
 * Records which limits that nobody asks for any more an agent could not remove, and forgets those that it could. A
 * report of another epoch changes nothing. Costs a statement for each report that speaks of a removal, and one for all
 * others that are their agents' first. An agent has one report under way at a time, so no host is in both.
 */
export async function writeRemovals(em: EntityManager, reports: readonly QosReport[]) {
  const starts: QosReport[] = [];
  for (const report of reports) {
    const removals = report.results.filter(({ ruleId }) => !ruleId);
    if (removals.length > 0) await writeRemovalsOf(em, report, removals);
    else if (report.starts) starts.push(report);
  }
  if (starts.length > 0) await forgetAllOf(em, starts);
}

async function forgetAllOf(em: EntityManager, reports: readonly QosReport[]): Promise<void> {
  await query(
    em,
    sql`
      delete from removal_faults r
      using unnest(${reports.map(({ host }) => host)}::text[], ${reports.map(({ to }) => to.epoch)}::text[],
        ${reports.map(({ to }) => to.revision.toString())}::bigint[]) as x (host, epoch, revision)
      join host_feeds f on f.host = x.host collate "C" and x.revision <= f.head
        and f.epoch::text || '.' || (select sluice_cluster()) = x.epoch
      where r.host = f.host`,
  );
}

async function writeRemovalsOf(
  em: EntityManager,
  { host, to, starts }: QosReport,
  removals: readonly QosResultInput[],
): Promise<void> {
  const faults = removals
    .filter(({ status }) => status === 'FAILED')
    .map(({ portId, direction, message }) => ({
      ...{ portId, direction },
      message: storable(message ?? 'Its agent gave no reason.'),
    }));
  const over = removals
    .filter(({ status }) => status !== 'FAILED')
    .map(({ portId, direction }) => `${portId} ${direction}`);
  await query(
    em,
    sql`
      with feed as (
        select host from host_feeds f where host = ${host} and ${to.revision} <= head
          and f.epoch::text || '.' || (select sluice_cluster()) = ${to.epoch}
      ), fault as (
        select x."portId" as port_id, x.direction, x.message
        from jsonb_to_recordset(${JSON.stringify(faults)}::jsonb) as x ("portId" uuid, direction text, message text)
      ), forgotten as (
        delete from removal_faults r using feed
        where r.host = feed.host and (${starts} or r.port_id::text || ' ' || r.direction = any (${over}::text[]))
          and not exists (select 1 from fault where fault.port_id = r.port_id and fault.direction = r.direction)
      )
      insert into removal_faults as r (port_id, host, direction, message)
      select distinct on (fault.port_id, fault.direction) fault.port_id, feed.host, fault.direction, fault.message
      from fault cross join feed
      join port_bindings b on b.port_id = fault.port_id and b.host = feed.host
      on conflict (port_id, host, direction) do update set message = excluded.message, reported_at = now()
      where r.message <> excluded.message`,
  );
}

/** PostgreSQL's jsonb refuses NUL, and a message may quote any name of its switch. */
function storable(message: string): string {
  return message.toWellFormed().replaceAll('\u0000', '\uFFFD').slice(0, bounds.messageLength);
}
