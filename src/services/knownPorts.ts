import type { MikroORM } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { query } from '../db/query.ts';

export interface PluggedPortInput {
  readonly portId: string;
  readonly interfaceName: string;
  readonly mac?: string | null | undefined;
  readonly networkId?: string | null | undefined;
}

export interface ReportPortsInput {
  readonly host: string;
  readonly complete: boolean;
  readonly after?: string | null | undefined;
  readonly through?: string | null | undefined;
  readonly plugged: readonly PluggedPortInput[];
  readonly unplugged: readonly string[];
}

export interface KnownPort {
  portId: string;
  interfaceName: string | null;
  plugged: boolean;
  networkId: string | null;
}

/**
 * What is recorded of the ports that each report is about, by port id: of many reports in one statement,
 * without locks. `offset 0` keeps the bindings of all hosts from being read through for those of a few.
 */
export async function readKnownPorts(
  { em }: MikroORM,
  reports: readonly ReportPortsInput[],
): Promise<Map<string, KnownPort>[]> {
  const known = reports.map(() => new Map<string, KnownPort>());
  const rows = await query(
    em.fork(),
    sql<KnownPort & { report: number }>`
      select x.report, b.port_id as "portId", b.interface_name as "interfaceName", b.plugged,
        p.network_id as "networkId"
      from jsonb_to_recordset(${JSON.stringify(reports.map(askOf))}::jsonb) as x (report integer, host text,
        complete boolean, after uuid, through uuid, named uuid[])
      cross join lateral (
        select * from port_bindings b where b.host = x.host collate "C" and b.removed_at is null
          and (b.port_id = any (x.named) or (x.complete and b.plugged
            and (x.after is null or b.port_id > x.after) and (x.through is null or b.port_id <= x.through)))
        offset 0
      ) b
      join ports p on p.id = b.port_id`,
  );
  for (const { report, ...port } of rows) known[report]?.set(port.portId, port);
  return known;
}

const askOf = (
  { host, complete, after, through, plugged, unplugged }: ReportPortsInput,
  report: number,
) => ({
  ...{ report, host, complete, after, through },
  named: [...plugged.map(({ portId }) => portId), ...unplugged],
});
