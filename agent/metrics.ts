import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { DesiredState } from './desired.ts';
import type { Settled } from './drift.ts';
import type { PlannedChange, Usage } from './drivers/driver.ts';
import { FeedLag } from './feedLag.ts';
import { registerLimits } from './limitMetrics.ts';
import { registerUsage } from './usageMetrics.ts';

/** What Prometheus may know of an agent: docs/metrics.md has all of it. */
export class AgentMetrics {
  readonly #registry = new Registry();
  readonly #registers = [this.#registry];
  readonly #desired: () => DesiredState | null;
  readonly #lag = new FeedLag(() => performance.now());
  #settled: Settled | null = null;
  #hadSession = false;

  readonly #connected = new Gauge({
    name: 'sluice_agent_feed_connected',
    help: '1 while the agent has a session with a server, 0 otherwise.',
    registers: this.#registers,
  });
  readonly #reconnects = new Counter({
    name: 'sluice_agent_reconnects_total',
    help: 'Sessions with a server after the first.',
    registers: this.#registers,
  });
  readonly #stepTimestamp = new Gauge({
    name: 'sluice_agent_feed_step_timestamp_seconds',
    help: 'Unix time at which the last step of the feed was taken; 0 before the first.',
    registers: this.#registers,
  });
  readonly #rounds = new Histogram({
    name: 'sluice_agent_reconcile_seconds',
    help: 'Duration of a round: look, compare, apply, read back.',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: this.#registers,
  });
  readonly #failures = new Counter({
    name: 'sluice_agent_reconcile_failures_total',
    help: 'Rounds that failed and were tried again.',
    registers: this.#registers,
  });
  readonly #repairs = new Counter({
    name: 'sluice_agent_drift_repairs_total',
    help: 'Changes that put right what held before and nobody asked to change, by what was changed.',
    labelNames: ['mechanism'],
    registers: this.#registers,
  });
  readonly #saveFailures = new Counter({
    name: 'sluice_agent_save_failures_total',
    help: 'Attempts to write the last known state to the disk that failed.',
    registers: this.#registers,
  });
  readonly #ports = new Gauge({
    name: 'sluice_agent_ports',
    help: 'Ports that the switch has now.',
    registers: this.#registers,
  });

  readonly #ignored = new Gauge({
    name: 'sluice_agent_ignored_interfaces',
    help: 'Interfaces whose port key holds something else than a UUID: no rule can name them.',
    registers: this.#registers,
  });

  /** `desired`: what the feed asks for now; `usage`: what limits have counted, asked whenever Prometheus does. */
  constructor(desired: () => DesiredState | null, usage: () => Promise<readonly Usage[]>) {
    this.#desired = desired;
    const lag = this.#lag;
    const settled = () => this.#settled;
    new Gauge({
      name: 'sluice_agent_feed_lag_seconds',
      help: 'Time for which the server has been known to be ahead of this agent; 0 when it is not.',
      registers: this.#registers,
      collect() {
        this.set(lag.seconds);
      },
    });
    new Gauge({
      name: 'sluice_agent_results',
      help: 'Directions of ports by how far their limit got.',
      labelNames: ['status'],
      registers: this.#registers,
      collect() {
        this.reset();
        const results = settled()?.results ?? [];
        for (const { status, ruleId } of results) if (ruleId !== null) this.inc({ status });
      },
    });
    registerLimits(this.#registers, desired, settled);
    registerUsage(this.#registers, usage);
  }

  connected(connected: boolean): void {
    this.#connected.set(connected ? 1 : 0);
    if (!connected) return;
    if (this.#hadSession) this.#reconnects.inc();
    this.#hadSession = true;
  }

  /** A step of the feed was taken. */
  stepped(): void {
    this.#lag.stepped();
    this.#stepTimestamp.setToCurrentTime();
  }

  /** A heartbeat sent at `sentAtMs` (performance.now()) said where this host's feed is. */
  told(desired: string, sentAtMs: number): void {
    this.#lag.told(desired, this.#desired()?.cursor ?? null, sentAtMs);
  }

  round(seconds: number, failed: boolean): void {
    this.#rounds.observe(seconds);
    if (failed) this.#failures.inc();
  }

  repaired(changes: readonly PlannedChange[]): void {
    for (const { mechanism } of changes) this.#repairs.inc({ mechanism });
  }

  ports(count: number, ignored: number): void {
    this.#ports.set(count);
    this.#ignored.set(ignored);
  }

  settled(settled: Settled): void {
    this.#settled = settled;
  }

  /** Counts it if a save fails; the failure goes on to the caller. */
  countingFailures(save: Promise<void>): Promise<void> {
    return save.catch((error: unknown) => {
      this.#saveFailures.inc();
      throw error;
    });
  }

  /** All of it, in Prometheus' text format. */
  print(): Promise<string> {
    return this.#registry.metrics();
  }
}
