import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from '../../scripts/lab/freePort.ts';
import { loadTokenSecret } from '../../src/auth/secret.ts';
import { createToken } from '../../src/auth/tokens.ts';
import { migrateUp } from '../../src/db/migrate.ts';
import { eventually } from '../support/eventually.ts';
import { type OwnPostgres, startOwnPostgres } from '../support/postgres.ts';
import { type Program, startProgram } from '../support/program.ts';
import { installCommitLog } from './commitLog.ts';
import type { Enforced } from './history.ts';
import { Recording } from './recording.ts';
import { type FeedListener, type Relay, startRelay } from './relay.ts';

/** One of the servers' clocks, and every other agent's, is an hour off. */
const wrongClock = (hours: number) => ({
  NODE_OPTIONS: '--import=./test/support/wrongClock.ts',
  CLOCK_HOURS: String(hours),
});

/** Two servers over one PostgreSQL, and agents, each a process of its own that can be killed. */
export class ProcessWorld implements AsyncDisposable {
  readonly postgres: OwnPostgres;
  readonly pool: pg.Pool;
  readonly weather = new Recording();
  readonly adminToken: string;
  readonly #dir: string;
  readonly #secret: Uint8Array;
  readonly #ports: readonly number[];
  readonly #servers: Program[] = [];
  readonly #relays: readonly Relay[];
  readonly #stack: AsyncDisposableStack;

  static async start(listener: FeedListener): Promise<ProcessWorld> {
    await using stack = new AsyncDisposableStack();
    const dir = await mkdtemp('/tmp/sluice-histories-');
    stack.defer(() => rm(dir, { recursive: true, force: true }));
    const postgres = stack.use(await startOwnPostgres());
    await migrateUp(postgres.url);
    const pool = new pg.Pool({ connectionString: postgres.url, application_name: 'histories' });
    // A connection that the kill of PostgreSQL ends; the next query takes another.
    pool.on('error', () => undefined);
    stack.defer(() => pool.end());
    await installCommitLog(pool);
    const secret = await loadTokenSecret(join(dir, 'secret'));
    const { token } = await createToken(secret, { role: 'admin' });
    const ports = [await freePort(), await freePort()];
    const relays: Relay[] = [];
    for (const port of ports) relays.push(stack.use(await startRelay(port, listener)));
    const parts = { dir, postgres, pool, secret, token, ports, relays };
    const world = new ProcessWorld(parts, stack.move());
    await Promise.all(ports.map((_, index) => world.startServer(index)));
    return world;
  }

  private constructor(
    parts: {
      dir: string;
      postgres: OwnPostgres;
      pool: pg.Pool;
      secret: Uint8Array;
      token: string;
      ports: readonly number[];
      relays: readonly Relay[];
    },
    stack: AsyncDisposableStack,
  ) {
    this.#dir = parts.dir;
    this.postgres = parts.postgres;
    this.pool = parts.pool;
    this.#secret = parts.secret;
    this.adminToken = parts.token;
    this.#ports = parts.ports;
    this.#relays = parts.relays;
    this.#stack = stack;
  }

  endpoint(index: number): string {
    return `http://127.0.0.1:${this.#ports[index % this.#ports.length]}/graphql`;
  }

  async startServer(index: number): Promise<void> {
    const port = this.#ports[index];
    const server = startProgram('src/main.ts', ['run'], {
      SLUICE_DATABASE_URL: this.postgres.url,
      SLUICE_DATA: join(this.#dir, `server-${index}`),
      SLUICE_LISTEN: `127.0.0.1:${port}`,
      SLUICE_TOKEN_SECRET_FILE: join(this.#dir, 'secret'),
      SLUICE_LOG_FORMAT: 'json',
      ...(index === 0 ? wrongClock(1) : {}),
    });
    this.#servers[index] = server;
    this.#stack.use(server);
    const ready = async () => {
      const response = await fetch(`http://127.0.0.1:${port}/readyz`);
      if (!response.ok) throw new Error(`Not ready: ${await response.text()}\n${server.log}`);
    };
    await eventually(ready, { timeoutMs: 90_000, intervalMs: 100 });
  }

  /** SIGKILL, and another one in its place. */
  async killServer(index: number): Promise<void> {
    await this.#servers[index]?.kill();
    await this.startServer(index);
  }

  async killPostgres(): Promise<void> {
    await this.weather.outage('PostgreSQL was killed', null, () => this.postgres.kill());
  }

  async startAgent(host: string, hours: number): Promise<Program> {
    const { token } = await createToken(this.#secret, { role: 'agent', host });
    const agent = startProgram('agent/main.ts', ['run'], {
      SLUICE_SERVER: this.#relays.map(({ url }) => url).join(','),
      SLUICE_TOKEN: token,
      SLUICE_HOST: host,
      SLUICE_DATA: join(this.#dir, host),
      SLUICE_DRIVER: 'test/support/historyDriver.ts',
      RECORD_FILE: this.#recordOf(host),
      SLUICE_METRICS_LISTEN: 'off',
      SLUICE_LOG_FORMAT: 'json',
      ...(hours === 0 ? {} : wrongClock(hours)),
    });
    this.#stack.use(agent);
    return agent;
  }

  /** What the host's driver was asked for, in order. */
  async enforced(host: string): Promise<Enforced[]> {
    const lines = (await readFile(this.#recordOf(host), 'utf8')).trim().split('\n');
    return lines.map((line) => ({ kind: 'enforced', host, ...JSON.parse(line) }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }

  #recordOf(host: string): string {
    return join(this.#dir, `${host}.jsonl`);
  }
}
