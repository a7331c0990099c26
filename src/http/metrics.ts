import type { MikroORM, PostgreSqlConnection } from '@mikro-orm/postgresql';
import type { ExecutionArgs, ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Services } from '../services/services.ts';
import { operationOf } from './tracedOperation.ts';

export interface Metrics {
  readonly registry: Registry;
  readonly operationSeconds: Histogram<'operation' | 'field' | 'outcome'>;
  readonly steps: Counter;
  readonly sockets: Gauge;
  readonly closes: Counter<'code'>;
}

/** What Prometheus is told, besides what it knows of any Node process. */
export function createMetrics({ switchboard, doorbell }: Services, orm: MikroORM): Metrics {
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
  new Gauge({
    name: 'sluice_doorbell_silent_seconds',
    help: 'Time since the line to the other servers was last seen to live',
    registers,
    collect() {
      this.set(doorbell.silentMs / 1_000);
    },
  });
  registerLag(registers, switchboard);
  registerPool(registers, orm);
  return {
    registry,
    operationSeconds: new Histogram({
      name: 'sluice_graphql_operation_seconds',
      help: 'Time to answer a query or mutation, by its first field and its outcome: ok, or the code of its first error',
      labelNames: ['operation', 'field', 'outcome'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    }),
    steps: new Counter({
      name: 'sluice_subscription_messages_total',
      help: 'Steps and events handed to subscriptions',
      registers,
    }),
    sockets: new Gauge({ name: 'sluice_websockets', help: 'WebSockets that are open', registers }),
    closes: new Counter({
      name: 'sluice_websocket_closes_total',
      help: 'WebSockets that this server closed, by the code: 1013 of those whose client read no more',
      labelNames: ['code'],
      registers,
    }),
  };
}

const quantiles = [0.5, 0.9, 0.99, 1];

/** How far agents are behind their feeds: of those that are, by quantiles, since each host's own series would be without bound. */
function registerLag(registers: Registry[], { feeds }: Services['switchboard']): void {
  new Gauge({
    name: 'sluice_feed_lag_seconds',
    help: 'Time for which a feed that is open here has had a change that its agent has not said it is done with; 0 of one that has none',
    labelNames: ['quantile'],
    registers,
    collect() {
      const behindMs = feeds.behindMs().sort((a, b) => a - b);
      for (const quantile of quantiles) {
        const at = Math.max(0, Math.ceil(quantile * behindMs.length) - 1);
        this.set({ quantile: String(quantile) }, (behindMs[at] ?? 0) / 1_000);
      }
    },
  });
  new Gauge({
    name: 'sluice_feeds_unacknowledged',
    help: 'Feeds open here with a change that the agent has not said it is done with',
    registers,
    collect() {
      this.set(feeds.behindMs().filter((ms) => ms > 0).length);
    },
  });
}

/** What the pool of connections to the database is at. */
function registerPool(registers: Registry[], orm: MikroORM): void {
  new Gauge({
    name: 'sluice_database_connections',
    help: 'Connections of the pool: in use and idle; and who waits for one',
    labelNames: ['state'],
    registers,
    async collect() {
      const connection = orm.em.getConnection() as PostgreSqlConnection;
      const { totalCount, idleCount, waitingCount } = await connection.getNativeClient();
      this.set({ state: 'used' }, totalCount - idleCount);
      this.set({ state: 'idle' }, idleCount);
      this.set({ state: 'waiting' }, waitingCount);
    },
  });
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
    ...operationOf(document, operationName),
    outcome: String(errors ? (errors[0]?.extensions.code ?? 'error') : 'ok'),
  };
}
