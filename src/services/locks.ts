import { sql } from 'kysely';
import { query } from '../db/query.ts';
import type { Write } from './write.ts';

/** A port as read under its lock. */
export interface LockedPort {
  readonly id: string;
  readonly tenantId: string | null;
  readonly networkId: string | null;
  readonly name: string | null;
}

/**
 * Locks the ports in id order: what everyone does first who changes a rule or a binding (invariant 2).
 * Read rules and bindings only after this. `register` also inserts ports that do not exist yet.
 */
export async function lockPorts(
  { em }: Write,
  portIds: readonly string[],
  { register }: { register: boolean },
): Promise<Map<string, LockedPort>> {
  if (portIds.length === 0) return new Map();
  const rows = await query(
    em,
    sql<LockedPort>`
      select id, tenant_id as "tenantId", network_id as "networkId", name
      from sluice_lock_ports(${portIds}::uuid[], ${register})`,
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Locks the hosts in name order, after the ports, and raises their heads by one: the position of what this transaction changes there. */
export async function raiseHeads(
  write: Write,
  hosts: readonly string[],
): Promise<Map<string, bigint>> {
  if (hosts.length === 0) return new Map();
  const rows = await query(
    write.em,
    sql<{ host: string; head: string }>`select * from sluice_raise_heads(${hosts}::text[])`,
  );
  for (const host of hosts) write.hosts.add(host);
  return new Map(rows.map(({ host, head }) => [host, BigInt(head)]));
}

/** Moves the ports forward in the feed of every host that has them: their rules changed. */
export async function touchPorts(write: Write, portIds: readonly string[]): Promise<void> {
  if (portIds.length === 0) return;
  const rows = await query(
    write.em,
    sql<{ host: string }>`select * from sluice_touch_ports(${portIds}::uuid[]) as t (host)`,
  );
  for (const { host } of rows) write.hosts.add(host);
}
