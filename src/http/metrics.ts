import { type ExecutionArgs, type ExecutionResult, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Services } from '../services/services.ts';

export interface Metrics {
  readonly registry: Registry;
  readonly operationSeconds: Histogram<'operation' | 'outcome'>;
  readonly steps: Counter;
  readonly sockets: Gauge;
}

/** What Prometheus is told, besides what it knows of any Node process. */
export function createMetrics({ switchboard, doorbell }: Services): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  registry.registerMetric(switchboard.stages.histogram);
  new Gauge({
    name: 'sluice_feeds_open',
    help: 'Hosts whose feed is open on this server',
    registers,
    collect() {
      this.set(switchboard.feeds.hosts().length);
    },
  });
  new Gauge({
    name: 'sluice_doorbell_connected',
    help: "1 while other servers' rings are heard",
    registers,
    collect() {
      this.set(doorbell.connected ? 1 : 0);
    },
  });
  return {
    registry,
    operationSeconds: new Histogram({
      name: 'sluice_graphql_operation_seconds',
      help: 'Time to answer a query or mutation, by its outcome: ok, or the code of its first error',
      labelNames: ['operation', 'outcome'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    }),
    steps: new Counter({
      name: 'sluice_subscription_messages_total',
      help: 'Steps and events handed to subscriptions',
      registers,
    }),
    sockets: new Gauge({ name: 'sluice_websockets', help: 'WebSockets that are open', registers }),
  };
}

/** Measures an operation from its execution to its answer: call the result with that. */
export function startOperation(
  { operationSeconds }: Metrics,
  args: ExecutionArgs,
): (result: ExecutionResult) => void {
  const stop = operationSeconds.startTimer();
  return (result) => void stop(labelsOf(args, result));
}

/** Measures what Yoga executes. */
export function useOperationMetrics(metrics: Metrics): Plugin {
  return {
    onExecute({ args }) {
      const ended = startOperation(metrics, args);
      return {
        onExecuteDone: ({ result }) => {
          if (!(Symbol.asyncIterator in result)) ended(result);
        },
      };
    },
  };
}

function labelsOf({ document, operationName }: ExecutionArgs, { errors }: ExecutionResult) {
  return {
    operation: getOperationAST(document, operationName)?.operation ?? 'unknown',
    outcome: String(errors ? (errors[0]?.extensions.code ?? 'error') : 'ok'),
  };
}
