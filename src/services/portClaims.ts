import { sql } from 'kysely';
import { query } from '../db/query.ts';
import { type BindingState, rivalsOf, type Sighting } from '../domain/bindings.ts';
import type { ErrorCode } from '../domain/errors.ts';
import { auditCounted } from './audit.ts';
import type { LockedPort } from './locks.ts';
import type { Settings } from './settings.ts';
import type { Write } from './write.ts';

/** A port that was reported and does not count here. */
export interface RefusedPort {
  readonly portId: string;
  readonly code: ErrorCode;
  readonly message: string;
}

export interface JudgedClaims {
  /** Ports that another live host has, and that are taken in all the same: by port, that host. */
  readonly accepted: ReadonlyMap<string, string>;
  readonly refused: readonly RefusedPort[];
}

/** Of these an entry of the audit log names so many by their ids. */
const mostNamed = 20;

/**
 * Judges the ports that the host's agent says are plugged while another live host has them: a live migration, or a
 * theft. Call with the ports locked.
 */
export async function judgeClaims(
  write: Write,
  { portClaims, portClaimsPerMinute, agentDownMs }: Settings,
  host: string,
  sightings: readonly Sighting[],
  ports: ReadonlyMap<string, LockedPort>,
  bindings: ReadonlyMap<string, readonly BindingState[]>,
): Promise<JudgedClaims> {
  const tenantOf = (portId: string) => ports.get(portId)?.tenantId ?? null;
  const contests = await contested(write, agentDownMs, host, sightings, bindings);
  const claims = contests.map((claim) => ({ ...claim, tenantId: tenantOf(claim.portId) }));
  if (claims.length === 0) return { accepted: new Map(), refused: [] };
  const most =
    portClaims === 'strict' ? 0 : await take(write, host, claims.length, portClaimsPerMinute);
  const [accepted, rest] = [claims.slice(0, most), claims.slice(most)];
  await tell(write, host, accepted, rest);
  const refusal =
    portClaims === 'strict'
      ? (portId: string) => ({
          code: 'FORBIDDEN' as const,
          message: `Port ${portId} is on another live host: an administrator must bind it to this one first (bindPort).`,
        })
      : (portId: string) => ({
          code: 'LIMIT_EXCEEDED' as const,
          message: `Port ${portId} is on another live host, and this one may claim ${portClaimsPerMinute} such ports a minute, which it has: try again later.`,
        });
  return {
    accepted: new Map(accepted.map(({ portId, from }) => [portId, from])),
    refused: rest.map(({ portId }) => ({ portId, ...refusal(portId) })),
  };
}

interface Claim {
  readonly portId: string;
  readonly from: string;
  /** Whose port it is. */
  readonly tenantId: string | null;
}

/** In port order. A host whose agent is silent has nothing that could be taken from it. */
async function contested(
  { em }: Write,
  agentDownMs: number,
  host: string,
  sightings: readonly Sighting[],
  bindings: ReadonlyMap<string, readonly BindingState[]>,
): Promise<Omit<Claim, 'tenantId'>[]> {
  const rivals = sightings
    .map((sighting) => ({
      portId: sighting.portId,
      hosts: rivalsOf(host, sighting, bindings.get(sighting.portId) ?? []),
    }))
    .filter(({ hosts }) => hosts.length > 0);
  if (rivals.length === 0) return [];
  const rows = await query(
    em,
    sql<{ host: string }>`
      select host from agents where host = any (${[...new Set(rivals.flatMap(({ hosts }) => hosts))]}::text[])
        and heartbeat_at > now() - ${agentDownMs} * interval '1 millisecond'`,
  );
  const alive = new Set(rows.map((row) => row.host));
  return rivals
    .flatMap(({ portId, hosts }) => {
      const from = hosts.find((other) => alive.has(other));
      return from === undefined ? [] : [{ portId, from }];
    })
    .sort((a, b) => (a.portId < b.portId ? -1 : 1));
}

async function take(
  { em }: Write,
  host: string,
  wanted: number,
  perMinute: number,
): Promise<number> {
  const [row] = await query(
    em,
    sql<{ taken: number }>`select sluice_take_claims(${host}, ${wanted}, ${perMinute}) as taken`,
  );
  return row?.taken ?? 0;
}

/** An entry for each port that was claimed, one for all of a tenant's that were refused: they are asked for again and again. */
async function tell(
  write: Write,
  host: string,
  accepted: readonly Claim[],
  refused: readonly Claim[],
): Promise<void> {
  const claimed = accepted.map(({ portId, from, tenantId }) => ({
    ...{ action: 'port.claimed', objectId: portId, tenantId },
    before: { host: from },
    after: { host },
  }));
  const refusals = [...Map.groupBy(refused, ({ tenantId }) => tenantId)].map(
    ([tenantId, ports]) => ({
      ...{ action: 'port.claimRefused', objectId: host, tenantId, before: null },
      after: { ports: ports.slice(0, mostNamed).map(({ portId, from }) => ({ portId, from })) },
      count: ports.length,
    }),
  );
  await auditCounted(write, [...claimed, ...refusals]);
}
