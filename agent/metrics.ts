import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { DirectionResult } from './drivers/driver.ts';

/** What Prometheus may know of an agent. */
export class AgentMetrics {
  readonly #registry = new Registry();
  readonly #registers = [this.#registry];
  #results: readonly DirectionResult[] = [];

  readonly #connected = new Gauge({
    name: 'sluice_agent_feed_connected',
    help: '1 while the agent has a session with a server, 0 otherwise.',
    registers: this.#registers,
  });
  readonly #sessions = new Counter({
    name: 'sluice_agent_sessions_total',
    help: 'Sessions with a server since the agent started: all but the first are reconnects.',
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
  readonly #ports = new Gauge({
    name: 'sluice_agent_ports',
    help: 'Ports that the switch has now.',
    registers: this.#registers,
  });

  constructor() {
    const results = () => this.#results;
    new Gauge({
      name: 'sluice_agent_results',
      help: 'Directions of ports by how far their limit got.',
      labelNames: ['status'],
      registers: this.#registers,
      collect() {
        this.reset();
        for (const { status, ruleId } of results()) if (ruleId !== null) this.inc({ status });
      },
    });
  }

  connected(connected: boolean): void {
    this.#connected.set(connected ? 1 : 0);
    if (connected) this.#sessions.inc();
  }

  round(seconds: number, failed: boolean): void {
    this.#rounds.observe(seconds);
    if (failed) this.#failures.inc();
  }

  ports(count: number): void {
    this.#ports.set(count);
  }

  results(results: readonly DirectionResult[]): void {
    this.#results = results;
  }

  /** All of it, in Prometheus' text format. */
  print(): Promise<string> {
    return this.#registry.metrics();
  }
}
