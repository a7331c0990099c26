import type { MikroORM } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { query } from '../db/query.ts';

/** A host says that nothing has moved of what it reported since a sample. */
export interface Unmoved {
  readonly host: string;
  readonly sinceMs: number;
}

/**
 * Records it for many hosts in one statement. Gives for each whether the sample is the host's last: of another nothing
 * can be said. Rows are locked in host order, so that two servers' writes never wait for each other in a circle.
 */
export async function writeUnmoved(
  { em }: MikroORM,
  unmoved: readonly Unmoved[],
): Promise<boolean[]> {
  const said = JSON.stringify(unmoved.map((each, place) => ({ ...each, place })));
  const rows = await query(
    em.fork(),
    sql<{ place: number }>`
      with said as materialized (
        select x.place, s.host
        from json_to_recordset(${said}::json) as x (place integer, host text, "sinceMs" bigint)
        join usage_samples s on s.host = x.host collate "C"
          and s.since = 'epoch'::timestamptz + x."sinceMs" * interval '1 millisecond'
        order by s.host for update of s
      ), written as (
        update usage_samples s set at = now() from said where s.host = said.host
      )
      select place from said`,
  );
  const known = new Set(rows.map(({ place }) => place));
  return unmoved.map((_each, place) => known.has(place));
}
