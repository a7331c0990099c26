import pg from 'pg';
import { unreachable } from '../../lib/errors.ts';
import { sleep } from '../../lib/retry.ts';
import { createDatabase } from '../support/postgres.ts';
import { startProxy, type TcpProxy } from '../support/proxy.ts';
import { startServer, type TestServer, type TestServerOptions } from '../support/server.ts';
import { setClock } from './clock.ts';
import { installCommitLog } from './commitLog.ts';
import { serverCount, type Weather } from './plan.ts';
import { Recording } from './recording.ts';

/** A copy of the feed that is wrong in one way: a test of the validators. */
export interface Breakage {
  /** Run on the database once everything else is there. */
  readonly statements?: string;
  readonly server?: Pick<TestServerOptions, 'doorbell' | 'feed' | 'watchIntervalMs'>;
}

/** One of the servers, whoever stands in its place just now. */
export interface Seat {
  server: TestServer;
  /** It is being replaced. */
  leaving: boolean;
  readonly database: TcpProxy;
  /** The agents' ways to it. */
  readonly ways: Set<TcpProxy>;
}

/** Ports in a piece of a step, for each server: so few that most steps come in several. */
const piecePorts = [200, 3, 2];

/** Several servers over one real PostgreSQL, which many histories share; each has hosts and ports of its own. */
export class World implements AsyncDisposable {
  /** Past all faults: what looks on. */
  readonly pool: pg.Pool;
  readonly seats: readonly Seat[];
  /** What the weather keeps from everyone. */
  readonly weather = new Recording();
  readonly #breakage: Breakage;
  readonly #stack: AsyncDisposableStack;

  static async start(breakage: Breakage = {}): Promise<World> {
    await using stack = new AsyncDisposableStack();
    const { url } = stack.use(await createDatabase());
    const pool = new pg.Pool({ connectionString: url, application_name: 'histories', max: 6 });
    // A connection may be cut while it is idle, as the end of a world's database does: nothing is lost by it.
    pool.on('error', () => undefined);
    stack.defer(() => pool.end());
    await installCommitLog(pool);
    if (breakage.statements) await pool.query(breakage.statements);
    const seats: Seat[] = [];
    for (let index = 0; index < serverCount; index += 1) {
      const database = stack.use(await startProxy(socketOf(url)));
      const server = await startServer(optionsOf(index, url, database, breakage));
      const seat = { server, database, leaving: false, ways: new Set<TcpProxy>() };
      stack.defer(() => seat.server.stop());
      seats.push(seat);
    }
    return new World(pool, seats, breakage, stack.move());
  }

  private constructor(
    pool: pg.Pool,
    seats: readonly Seat[],
    breakage: Breakage,
    stack: AsyncDisposableStack,
  ) {
    this.pool = pool;
    this.seats = seats;
    this.#breakage = breakage;
    this.#stack = stack;
  }

  /** A way to one of the servers that an agent has for itself. */
  async way(index: number): Promise<TcpProxy> {
    const seat = this.#seat(index);
    const proxy = await startProxy(portOf(seat.server));
    seat.ways.add(proxy);
    return proxy;
  }

  async bring(weather: Weather): Promise<void> {
    switch (weather.kind) {
      case 'deafen':
        return this.#terminate(`application_name = 'sluice doorbell'`);
      case 'terminate':
        return this.#terminate(`application_name not in ('sluice doorbell', 'histories')`);
      case 'cutDatabase':
        return this.#seat(weather.server).database.cut();
      case 'stallDatabase':
        return this.#stall(this.#seat(weather.server).database, weather.ms);
      case 'replaceServer':
        return this.#replace(weather.server);
      case 'setClock':
        return setClock(weather.hours);
      default:
        return unreachable(weather);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    setClock(0);
    await this.#stack.disposeAsync();
  }

  #seat(index: number): Seat {
    const seat = this.seats[index % serverCount];
    if (!seat) throw new Error(`There is no server ${index}.`);
    return seat;
  }

  async #terminate(which: string): Promise<void> {
    await this.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and backend_type = 'client backend' and ${which}`,
    );
  }

  #stall(database: TcpProxy, ms: number): Promise<void> {
    return this.weather.outage('a stalled database', null, async () => {
      database.stall();
      await sleep(ms);
      database.cut();
    });
  }

  async #replace(index: number): Promise<void> {
    const seat = this.#seat(index);
    if (seat.leaving) return;
    seat.leaving = true;
    await seat.server.stop();
    const { databaseUrl } = seat.server;
    seat.server = await startServer({ ...this.#options(index), databaseUrl });
    for (const way of seat.ways) way.retarget(portOf(seat.server));
    seat.leaving = false;
  }

  #options(index: number): TestServerOptions {
    return serverOptions(index, this.#breakage);
  }
}

const portOf = ({ url }: TestServer): number => Number(new URL(url).port);

const serverOptions = (index: number, { server }: Breakage): TestServerOptions => ({
  pingIntervalMs: 1_000,
  ...server,
  feed: { piecePorts: piecePorts[index] ?? 200, ...server?.feed },
});

function optionsOf(index: number, url: string, database: TcpProxy, breakage: Breakage) {
  const { pathname, username } = new URL(url);
  const databaseUrl = `postgres://${username}@127.0.0.1:${database.port}${pathname}`;
  return { ...serverOptions(index, breakage), databaseUrl };
}

/** PostgreSQL, Connection Settings: the socket is named for its port, in the folder that stands for a host. */
const socketOf = (url: string): string =>
  `${decodeURIComponent(new URL(url).hostname)}/.s.PGSQL.5432`;
