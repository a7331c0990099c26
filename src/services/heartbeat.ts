import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { query } from '../db/query.ts';
import { type Actor, requireOwnHost } from '../domain/actor.ts';
import { refuse, refuseIfAny } from '../domain/errors.ts';
import { decodeFeedCursor, type FeedPosition } from '../domain/feedCursor.ts';
import { bounds, textFault } from '../domain/text.ts';
import { Agent } from '../entities/Agent.ts';
import { confirm } from './confirm.ts';
import type { Services } from './services.ts';

export interface AgentHeartbeatInput {
  readonly host: string;
  readonly binary: string;
  readonly agentType: string;
  readonly version?: string | null | undefined;
  readonly configurations?: Record<string, unknown> | null | undefined;
  readonly startFlag: boolean;
  readonly confirmed?: string | null | undefined;
}

export interface Heartbeat {
  readonly agent: Agent;
  readonly desired: FeedPosition;
  readonly intervalMs: number;
}

/** Records that the host's agent lives, and what it says of itself. Moves no feed. */
export async function recordHeartbeat(
  services: Services,
  actor: Actor,
  input: AgentHeartbeatInput,
): Promise<Heartbeat> {
  requireOwnHost(actor, input.host);
  refuseIfAny([
    ...textFault('binary', input.binary),
    ...textFault('agentType', input.agentType),
    ...textFault('version', input.version),
  ]);
  const configurations = configurationsText(input.configurations);
  const em = services.orm.em.fork();
  const { host, binary, agentType, version = null } = input;
  await query(em, sql`insert into host_feeds (host) values (${host}) on conflict do nothing`);
  const [row] = await query(
    em,
    sql<{ id: string; change: 'CREATED' | 'UPDATED' | null; epoch: string; head: string }>`
      with old as materialized (select * from agents where host = ${host}),
      beat as (
        insert into agents as a (id, host, agent_type, "binary", version, configurations, started_at, heartbeat_at)
        values (${randomUUID()}, ${host}, ${agentType}, ${binary}, ${version}, ${configurations}::jsonb, now(), now())
        on conflict (host) do update set agent_type = excluded.agent_type, "binary" = excluded."binary",
          version = excluded.version,
          configurations = coalesce(excluded.configurations, a.configurations),
          started_at = case when ${input.startFlag} then now() else a.started_at end,
          heartbeat_at = now()
        returning a.*
      )
      select beat.id, f.head, f.epoch::text || '.' || sluice_cluster() as epoch,
        case when old.id is null then 'CREATED'
          when ${input.startFlag} or old.version is distinct from beat.version
            or old.configurations is distinct from beat.configurations
            or old.heartbeat_at < now() - ${services.settings.agentDownMs} * interval '1 millisecond'
          then 'UPDATED' end as change
      from beat left join old on true join host_feeds f on f.host = ${host}`,
  );
  if (!row) throw new Error(`The heartbeat of host ${host} left no agent.`);
  const desired = { epoch: row.epoch, revision: BigInt(row.head) };
  const confirmed = input.confirmed ? decodeFeedCursor(input.confirmed) : null;
  if (confirmed) await confirm(em, host, confirmed);
  if (row.change) {
    services.doorbell.ring({ hosts: [], rules: [], agents: [{ type: row.change, id: row.id }] });
  }
  const agent = await em.findOneOrFail(Agent, { host });
  return { agent, desired, intervalMs: services.settings.heartbeatMs };
}

function configurationsText(configurations: object | null | undefined): string | null {
  if (!configurations) return null;
  const text = JSON.stringify(configurations);
  if (Buffer.byteLength(text) > bounds.configurationsBytes) {
    throw refuse(
      'BAD_USER_INPUT',
      `configurations must be at most ${bounds.configurationsBytes} bytes of JSON, not ${Buffer.byteLength(text)}.`,
      'configurations',
    );
  }
  return text;
}
