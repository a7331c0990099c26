import type { MikroORM } from '@mikro-orm/postgresql';
import type { ListenAddress } from '../lib/configTypes.ts';
import { aborted, type Part } from '../lib/lifecycle.ts';
import type { Logger } from '../lib/log.ts';
import { Tracing } from '../lib/tracing.ts';
import { Authenticator } from './auth/authenticator.ts';
import { IdentityProvider, type IdentityProviderOptions } from './auth/identityProvider.ts';
import { Revocations } from './auth/revocations.ts';
import { tokenSigner } from './auth/tokens.ts';
import { boundsFor, type DatabaseBounds, openDatabase } from './db/orm.ts';
import { Tenants } from './db/tenants.ts';
import { FeedWatch } from './feed/feedWatch.ts';
import { firstPageReader } from './feed/firstPages.ts';
import type { FeedReading } from './feed/hostQosChanges.ts';
import type { Dial } from './feed/line.ts';
import { LineDoorbell } from './feed/lineDoorbell.ts';
import { natsLine } from './feed/natsLine.ts';
import { postgresLine } from './feed/postgresLine.ts';
import { Presence } from './feed/presence.ts';
import { Switchboard } from './feed/switchboard.ts';
import { BodyLimit } from './http/bodyLimit.ts';
import { Budget } from './http/budget.ts';
import { Engine } from './http/engine.ts';
import { HttpServer } from './http/httpServer.ts';
import { defaultLimits, type Limits } from './http/limits.ts';
import { createMetrics } from './http/metrics.ts';
import { ReadinessProbe } from './http/probes.ts';
import { createHandler } from './http/routes.ts';
import { GraphqlSockets } from './http/sockets.ts';
import type { TlsOptions } from './http/tlsFiles.ts';
import { createGraphql } from './http/yoga.ts';
import { admitEnrolled, credentialLookup } from './services/agentCredentials.ts';
import { createBulk } from './services/bulk.ts';
import { entityManagers } from './services/emFor.ts';
import { Housekeeping } from './services/housekeeping.ts';
import type { Services } from './services/services.ts';

export interface ServerOptions {
  readonly databaseUrl: string;
  readonly databaseBounds?: DatabaseBounds | undefined;
  /** What carries rings between servers: the database itself, the NATS cluster at these URLs, or a line of the caller's. */
  readonly doorbell: 'postgres' | readonly string[] | Dial;
  readonly feed?: FeedReading | undefined;
  /** How often the feed watch looks; its own default where left out. */
  readonly watchIntervalMs?: number | undefined;
  readonly tokenSecret: Uint8Array;
  /** Also takes its tokens. */
  readonly identityProvider?: IdentityProviderOptions | undefined;
  readonly listen: ListenAddress;
  readonly tls: TlsOptions | undefined;
  readonly origins: readonly string[] | undefined;
  /** A stopping server goes on answering for so long; default 0. */
  readonly drainMs?: number;
  readonly settings: Services['settings'];
  /** Default: spans are named, and recorded nowhere. */
  readonly tracing?: Tracing | undefined;
  readonly log: Logger;
  /** Default 8 s. */
  readonly pingIntervalMs?: number;
  /** What is left out is as in `defaultLimits`. */
  readonly limits?: Partial<Limits> | undefined;
}

export interface ComposedServer {
  /** In the order in which they start. */
  readonly parts: readonly Part[];
  readonly http: HttpServer;
  readonly services: Services;
}

/** Puts a server together. Nothing runs before its parts do; the database may be away meanwhile. */
export async function composeServer(options: ServerOptions): Promise<ComposedServer> {
  const { databaseUrl, log, listen, tls, origins } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const { databaseBounds: bounds = boundsFor(limits.operationMs) } = options;
  const orm = await openDatabase({ url: databaseUrl, bounds });
  const tenants = Tenants.of(orm, { bounds });
  const { tracing = new Tracing() } = options;
  const switchboard = new Switchboard(tracing);
  const doorbell = new LineDoorbell(dialOf(options), switchboard, log);
  const presence = new Presence(orm, log, (agents) =>
    doorbell.ring({ hosts: [], rules: [], agents }),
  );
  const { settings } = options;
  const feed = { readFirst: firstPageReader(orm, options.feed?.piecePorts), ...options.feed };
  const bulk = createBulk(orm, settings);
  const emFor = entityManagers(orm, tenants);
  const tokens = tokenSigner(options.tokenSecret);
  const services = { emFor, doorbell, switchboard, presence, bulk, feed, log, settings, tokens };

  const lookup = credentialLookup(orm);
  const revocations = new Revocations(orm.em, log);
  const { tokenSecret, identityProvider } = options;
  const provider = identityProvider && new IdentityProvider(identityProvider);
  const authenticator = new Authenticator(
    ...([tokenSecret, revocations, provider] as const),
    (actor, token) => admitEnrolled(services, lookup, actor, token),
  );
  const metrics = createMetrics(services, orm);
  const budget = new Budget(limits.costRates);
  const shared = { services, authenticator, budget, bodyLimit: new BodyLimit() };
  const yoga = createGraphql({ ...shared, metrics, tracing, origins, limits });
  const { pingIntervalMs = 8_000 } = options;
  const engine = new Engine(metrics, log, tracing, limits);
  const operations = { engine, ...shared };
  const sockets = new GraphqlSockets({ ...operations, metrics, log, pingIntervalMs, limits });
  const stopping = () => http.draining;
  const probe = new ReadinessProbe({ orm, doorbell, revocations, stopping });
  const handle = createHandler({ ...operations, yoga, probe, metrics, tokenSecret, log });
  const http: HttpServer = new HttpServer({
    ...{ listen, tls, origins, handle, sockets, log },
    drainMs: options.drainMs ?? 0,
    limits,
  });

  const parts = [
    databasePart(orm, tenants),
    revocations,
    doorbell,
    new FeedWatch(orm.em, switchboard.feeds, log, options.watchIntervalMs),
    presence,
    new Housekeeping(services),
    http,
  ];
  return { parts, http, services };
}

function dialOf({ doorbell, databaseUrl }: ServerOptions): Dial {
  if (typeof doorbell === 'function') return doorbell;
  return doorbell === 'postgres' ? postgresLine(databaseUrl) : natsLine(doorbell);
}

/** Holds the connections until all who use them have stopped. */
const databasePart = (orm: MikroORM, tenants: Tenants): Part => ({
  name: 'database',
  async run(signal) {
    await aborted(signal);
    await tenants.close();
    await orm.close(true);
  },
});
