import { type Part, runTogether } from '../lib/lifecycle.ts';
import type { Logger } from '../lib/log.ts';
import { sleep } from '../lib/retry.ts';
import { openTracing } from '../lib/traceExport.ts';
import { ChangeTrace } from './changeTrace.ts';
import type { AgentConfig } from './config.ts';
import { Connection } from './connection.ts';
import { ensureEnrolled, Renewal, readToken } from './credential.ts';
import type { DesiredState } from './desired.ts';
import type { Driver } from './drivers/driver.ts';
import { Feed } from './feed.ts';
import { lastGoodFile } from './folder.ts';
import { Heartbeat } from './heartbeat.ts';
import { type LastGoodFile, loadLastGood } from './lastGood.ts';
import { LastGoodSaver } from './lastGoodSaver.ts';
import { LastGoodStore } from './lastGoodStore.ts';
import { AgentMetrics } from './metrics.ts';
import { MetricsServer } from './metricsServer.ts';
import { patience } from './persist.ts';
import { Ports } from './ports.ts';
import { Reconciler, reconcilerTiming } from './reconciler.ts';
import { Reporter } from './reporter.ts';
import { sessionTiming } from './session.ts';
import { SmallHeap } from './smallHeap.ts';
import { readTls } from './tls.ts';
import { UsageReporter } from './usage.ts';
import { UsageSampler } from './usageSampler.ts';

/** One look at the switch serves a whole scrape, and scrapes that come one upon the other. */
const scrapeFreshMs = 1_000;

/** Ports are named to the server after so long, though the first limits do not hold yet. */
const firstLimitsMs = 1_000;

export interface AgentOptions {
  readonly config: AgentConfig;
  readonly version: string;
  readonly log: Logger;
}

/** Runs everything of an agent but its driver, which runs already, until the signal aborts. */
export async function runParts(
  options: AgentOptions,
  driver: Driver,
  signal: AbortSignal,
): Promise<void> {
  const { config, version, log } = options;
  const file = lastGoodFile(config);
  const initial = await lastKnown(file, log);
  const { tracing, parts } = await openTracing(config, { service: 'sluice-agent', version });
  const trace = new ChangeTrace(tracing);
  await using store = new LastGoodStore(file);
  await runTogether([...parts, ...compose(options, driver, store, initial, trace)], signal);
}

async function lastKnown(file: LastGoodFile, log: Logger): Promise<DesiredState | null> {
  const loaded = await loadLastGood(file);
  if (loaded.kind === 'unusable')
    log.warn({ path: file.path }, `The last known state is not used. ${loaded.reason}`);
  if (loaded.kind !== 'loaded') return null;
  const { cursor, ports } = loaded.desired;
  log.info({ cursor, ports: ports.size }, 'Enforcing the last known state.');
  return loaded.desired;
}

/** Wired: in the order in which they start. */
function compose(
  { config, version, log }: AgentOptions,
  driver: Driver,
  store: LastGoodStore,
  initial: DesiredState | null,
  trace: ChangeTrace,
): Part[] {
  const { host } = config;
  const sampler = new UsageSampler(
    async () => (await driver.usage?.()) ?? [],
    () => performance.now(),
  );
  const metrics = new AgentMetrics(
    () => feed.desired,
    () => sampler.sample(scrapeFreshMs),
  );
  const save = (desired: DesiredState) => metrics.countingFailures(store.save(desired));
  const onEnforceable = () => reconciler.wake();
  const saver = new LastGoodSaver({ save, initial, onEnforceable, log });
  const reporter = new Reporter({ host, log, patience, trace });
  const settledOnce = Promise.withResolvers<void>();
  const ports = new Ports({
    ...{ host, log, patience },
    // From nothing, the server's first word is on its way: limits come before the names of a thousand ports.
    whenDue: async (signal) => {
      if (feed.desired) return;
      await Promise.race([settledOnce.promise, sleep(firstLimitsMs, signal)]);
    },
  });

  const feed = new Feed({
    host,
    initial,
    log,
    patience,
    onStep: (desired, whole, traceparent) => {
      driver.expectChange?.();
      trace.stepped(traceparent);
      if (whole) ports.forget();
      metrics.stepped();
      saver.keep(desired);
    },
  });

  const heap = new SmallHeap();
  const reconciler = new Reconciler({
    driver,
    desired: () => saver.enforceable,
    log,
    ...reconcilerTiming,
    trace,
    listener: {
      observed: ({ ports: plugged, ignored = 0 }) => {
        ports.observed(plugged);
        metrics.ports(plugged.length, ignored);
        heartbeat.look();
      },
      repaired: (changes) => metrics.repaired(changes),
      settled: (settled) => {
        heap.keepSmall();
        settledOnce.resolve();
        reporter.settled(settled.desired, settled.results);
        metrics.settled(settled);
      },
      ended: (seconds, failed) => metrics.round(seconds, failed),
    },
  });

  const heartbeat = new Heartbeat({
    host,
    version,
    configurations: () => describe(driver),
    confirmed: () => reporter.confirmed,
    told: (desired, sentAtMs) => {
      metrics.told(desired, sentAtMs);
      usage.sample();
    },
    log,
    patience,
  });

  const usage = new UsageReporter({
    host,
    read: () => sampler.sample(0),
    log,
  });

  driver.onChange(() => reconciler.wake());

  const renewal = new Renewal({
    ...{ config, log, patience },
    reconnect: () => connection.reconnect(),
  });

  const connection: Connection = new Connection({
    servers: config.server,
    token: async (server) => {
      await ensureEnrolled(config, server);
      return readToken(config);
    },
    host,
    tls: () => readTls(config),
    users: [heartbeat, feed, ports, reporter, usage, renewal],
    log,
    timing: sessionTiming,
    patience,
    onConnected: (connected) => metrics.connected(connected),
  });

  return [...metricsServers(config, metrics, log), saver, reconciler, connection];
}

function metricsServers({ metricsListen }: AgentConfig, metrics: AgentMetrics, log: Logger) {
  if (metricsListen === 'off') return [];
  return [new MetricsServer(metricsListen, () => metrics.print(), log)];
}

/** The heartbeat's `configurations` (schema: Agent.configurations). */
function describe(driver: Driver): Record<string, unknown> {
  const capabilities = driver.capabilities();
  return { driver: driver.name, ovsVersion: capabilities?.ovsVersion ?? null, capabilities };
}
