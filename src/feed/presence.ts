import { randomUUID } from 'node:crypto';
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { messageOf } from '../../lib/errors.ts';
import type { Part } from '../../lib/lifecycle.ts';
import type { Logger } from '../../lib/log.ts';
import { Mailbox } from '../../lib/mailbox.ts';
import { sleep } from '../../lib/retry.ts';
import { query } from '../db/query.ts';
import type { AgentNotice } from './notice.ts';

const signOfLifeMs = 5_000;
/** A server silent for longer holds no feeds any more. */
export const serverDownMs = 15_000;
// Agents that come back together are written together.
const gatherMs = 50;
/** Hosts in one statement. */
const mostHosts = 250;

/**
 * Says in the database which hosts have a feed open on this server, so that every server can answer
 * `Agent.connected`. Coalesced into bulk writes; moves no feed.
 */
export class Presence implements Part {
  readonly name = 'presence';
  readonly serverId = randomUUID();
  readonly #orm: MikroORM;
  readonly #log: Logger;
  readonly #open = new Map<string, number>();
  readonly #changed = new Set<string>();
  readonly #work = new Mailbox();
  readonly #tell: (agents: readonly AgentNotice[]) => void;

  constructor(orm: MikroORM, log: Logger, tell: (agents: readonly AgentNotice[]) => void) {
    this.#orm = orm;
    this.#log = log;
    this.#tell = tell;
  }

  /** The host's own agent opened its feed here; call the result when it closes. */
  opened(host: string): () => void {
    this.#count(host, 1);
    return () => this.#count(host, -1);
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#write().catch((error: unknown) => {
        this.#log.warn({ reason: messageOf(error) }, 'presence could not be written; trying again');
      });
      await this.#work.take(AbortSignal.any([signal, AbortSignal.timeout(signOfLifeMs)]));
      await sleep(gatherMs, signal);
    }
    await this.#leave().catch(() => undefined);
  }

  #count(host: string, change: number): void {
    const count = (this.#open.get(host) ?? 0) + change;
    if (count > 0) this.#open.set(host, count);
    else this.#open.delete(host);
    this.#changed.add(host);
    this.#work.post();
  }

  async #write(): Promise<void> {
    const em = this.#orm.em.fork();
    await query(
      em,
      sql`insert into servers (id) values (${this.serverId})
        on conflict (id) do update set seen_at = now()`,
    );
    const changed = [...this.#changed];
    for (let start = 0; start < changed.length; start += mostHosts) {
      await this.#writeHosts(em, changed.slice(start, start + mostHosts));
    }
  }

  /** In host order, as all who lock hosts (invariant 2), and few at a time: a change of one's rules waits for this. */
  async #writeHosts(em: EntityManager, hosts: readonly string[]): Promise<void> {
    const opened = hosts.filter((host) => this.#open.has(host));
    const closed = hosts.filter((host) => !this.#open.has(host));
    for (const host of hosts) this.#changed.delete(host);
    try {
      const agents = await query(
        em,
        sql<{ id: string }>`
          with changing as materialized (
            select host from host_feeds
            where (host = any (${opened}::text[]) and feed_server is distinct from ${this.serverId}::uuid)
               or (host = any (${closed}::text[]) and feed_server = ${this.serverId}::uuid)
            order by host for no key update
          ), changed as (
            update host_feeds f
            set feed_server = case when f.host = any (${opened}::text[]) then ${this.serverId}::uuid end
            from changing where f.host = changing.host
            returning f.host
          ) select a.id from agents a join changed on changed.host = a.host`,
      );
      this.#tell(agents.map(({ id }) => ({ type: 'STATUS_CHANGED', id })));
    } catch (error) {
      for (const host of hosts) this.#changed.add(host);
      throw error;
    }
  }

  /** Hosts that still name this server have no feed open: there is no such server any more. So no host is locked here. */
  async #leave(): Promise<void> {
    await query(
      this.#orm.em.fork(),
      sql`delete from servers where id = ${this.serverId} or seen_at < now() - interval '1 day'`,
    );
  }
}
