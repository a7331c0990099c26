import { sleep } from '../../lib/retry.ts';
import { isUnavailable } from '../../src/db/unavailable.ts';
import { compactTombstones } from '../../src/services/compaction.ts';
import { seededRandom } from '../support/random.ts';
import { timing } from './agentLife.ts';
import { type Backup, type Extent, restoreBackup, takeBackup } from './backup.ts';
import { Callers } from './callers.ts';
import { noteHosts, readAudit, readCommits } from './commitLog.ts';
import type { History } from './history.ts';
import { Host } from './host.ts';
import type { Act, Plan, Weather } from './plan.ts';
import { nowMs, positionOf, Recording } from './recording.ts';
import { transactionsEnd } from './underWay.ts';
import type { World } from './world.ts';

/** The promise is 5 s; here dozens of histories share two cores. */
const boundMs = 10_000;

/** One history while it happens: its hosts, its callers, and what is written down of them. */
export class HistoryRun implements AsyncDisposable {
  readonly #world: World;
  readonly #extent: Extent;
  readonly #hosts: readonly Host[];
  readonly #recording: Recording;
  readonly #callers: Callers;
  readonly #startedMs = nowMs();
  #backup: Backup | undefined;
  #endedAtMs = 0;

  static async begin(world: World, plan: Plan): Promise<HistoryRun> {
    const random = seededRandom(plan.seed);
    const extent = {
      hosts: numbered(plan.hosts, (n) => `history-${plan.seed}-${n}`),
      portIds: numbered(plan.ports, () => uuidOf(random)),
    };
    await world.pool.query('insert into host_feeds (host) select unnest($1::text[])', [
      extent.hosts,
    ]);
    const recording = new Recording();
    const hosts = await Promise.all(
      extent.hosts.map(async (name) => {
        const first = random.integer(0, 2);
        const ways = [await world.way(first), await world.way(first + random.integer(1, 2))];
        const token = await world.seats[0]?.server.token({ role: 'agent', host: name });
        return new Host(name, token ?? '', ways, recording);
      }),
    );
    return new HistoryRun(world, extent, hosts, recording, random);
  }

  private constructor(
    world: World,
    extent: Extent,
    hosts: readonly Host[],
    recording: Recording,
    random: ReturnType<typeof seededRandom>,
  ) {
    this.#world = world;
    this.#extent = extent;
    this.#hosts = hosts;
    this.#recording = recording;
    const server = () => {
      const seat = random.pick(world.seats);
      // Asked for again once it has failed: it may have begun to leave meanwhile.
      const { services } = seat.server;
      return {
        services,
        get leaving() {
          return seat.leaving || seat.server.services !== services;
        },
      };
    };
    this.#callers = new Callers({ ...extent, pool: world.pool, server, recording });
  }

  async perform(act: Act): Promise<void> {
    switch (act.kind) {
      case 'change':
        return this.#callers.make(act.changes);
      case 'pause':
        return sleep(act.ms);
      case 'compact':
        return this.#compact();
      case 'backup':
        this.#backup = await takeBackup(this.#world.pool, this.#extent);
        return;
      case 'restore':
        return this.#restore(act);
      case 'cut':
        return this.#host(act.host).cut(act.afterBytes);
      case 'stall':
        return this.#host(act.host).stall(act.ms);
      case 'halfOpen':
        return this.#host(act.host).halfOpen(timing.pingMs + timing.pongMs);
      case 'shut':
        return this.#host(act.host).shut(act.ms);
      case 'kill':
        return this.#host(act.host).killed(act.lost, () => this.#meanwhile(act.ms));
      default:
        return this.#world.bring(act satisfies Weather);
    }
  }

  /** Waits until every agent stands where its feed stands, or is past any bound. */
  async becomesQuiet(): Promise<void> {
    const latest = AbortSignal.timeout(2 * boundMs);
    await transactionsEnd(this.#world.pool, latest);
    while (!latest.aborted && !(await this.#isQuiet())) await sleep(100);
    this.#endedAtMs = nowMs();
  }

  async history(): Promise<History> {
    const { pool, weather } = this.#world;
    const { hosts, portIds } = this.#extent;
    await noteHosts(pool, hosts);
    const recent = weather.outages.filter(({ untilMs }) => untilMs >= this.#startedMs);
    return {
      hosts,
      commits: await readCommits(pool, hosts),
      events: this.#recording.events,
      outages: [...this.#recording.outages, ...recent],
      audit: await readAudit(pool, portIds),
      endedAtMs: this.#endedAtMs,
      boundMs,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const host of this.#hosts) await host[Symbol.asyncDispose]();
  }

  #host(index: number): Host {
    const host = this.#hosts[index];
    if (!host) throw new Error(`This history has no host ${index}.`);
    return host;
  }

  /** What others do while an agent is away. */
  async #meanwhile(ms: number): Promise<void> {
    await this.#callers.make([{ kind: 'set', port: 0, direction: 'EGRESS', maxKbps: 1 + ms }]);
    await sleep(ms);
  }

  /** As if every tombstone were older than the retention. */
  async #compact(): Promise<void> {
    const [seat] = this.#world.seats;
    if (!seat) return;
    try {
      await compactTombstones(seat.server.services, -1);
    } catch (error) {
      if (!isUnavailable(error) && !seat.leaving) throw error;
    }
  }

  async #restore({ agentsStopped, changes }: Extract<Act, { kind: 'restore' }>): Promise<void> {
    const goBack = async () => {
      const { pool } = this.#world;
      if (this.#backup) await restoreBackup(pool, this.#extent, this.#backup);
      this.#recording.add({ kind: 'restored', hosts: this.#extent.hosts });
      for (const change of changes) await this.#callers.make([change]);
    };
    if (!agentsStopped) return goBack();
    const stopped = this.#hosts.reduce((within, host) => () => host.killed(0, within), goBack);
    return stopped();
  }

  async #isQuiet(): Promise<boolean> {
    const { rows } = await this.#world.pool.query<{ host: string; epoch: string; head: string }>(
      `select host, epoch::text || '.' || sluice_cluster() as epoch, head from host_feeds
       where host = any ($1::text[])`,
      [this.#extent.hosts],
    );
    return rows.every(({ host, epoch, head }) => {
      const cursor = this.#hosts.find(({ name }) => name === host)?.cursor;
      const stand = positionOf(cursor);
      return stand?.epoch === epoch && stand.head === Number(head);
    });
  }
}

const numbered = <T>(count: number, make: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => make(n));

/** Of the seed as well, since a step's pieces are by port id. RFC 9562 §5.8: version 8 is ours to fill. */
function uuidOf({ integer }: ReturnType<typeof seededRandom>): string {
  const word = () => integer(0, 0xffff).toString(16).padStart(4, '0');
  const tail = () => integer(0, 0xfff).toString(16).padStart(3, '0');
  return `${word()}${word()}-${word()}-8${tail()}-8${tail()}-${word()}${word()}${word()}`;
}
