/**
 * `npm run bench stages`: where the time of one rule's change goes, from the request sent until the
 * switch's database has it. The server runs in this process, so that one clock sees its stages; agent,
 * database and switch are processes of their own.
 */
import { subscribe } from 'node:diagnostics_channel';
import { join } from 'node:path';
import pg from 'pg';
import { LastGoodStore } from '../agent/lastGoodStore.ts';
import { runTogether } from '../lib/lifecycle.ts';
import { createLog } from '../lib/log.ts';
import {
  BindPortDocument,
  CreateQosRuleDocument,
  UpdateQosRuleDocument,
} from '../schema/generated/graphql.ts';
import { withLab } from '../scripts/demo/lab.ts';
import type { Claims } from '../src/auth/claims.ts';
import { createToken } from '../src/auth/tokens.ts';
import { startEmbeddedPostgres } from '../src/db/embedded.ts';
import { migrateUp } from '../src/db/migrate.ts';
import { type ComposedServer, composeServer } from '../src/server.ts';
import { defaultSettings } from '../src/services/settings.ts';
import { eventually } from '../test/support/eventually.ts';
import { startProgram } from '../test/support/program.ts';
import { HttpClient } from './httpClient.ts';
import { addPorts } from './ports.ts';
import { QueueWatch } from './queueWatch.ts';
import { keepResults } from './results.ts';
import { apartMs, measure, row, type Spread, spreadOf } from './stats.ts';

const count = 300;
const host = 'bench';
const log = createLog('bench', 'error', 'json');
const secret = new TextEncoder().encode('a secret of benchmarks, long enough for HS256');

/** When each moment of the change under way came. */
type Moment = 'sent' | 'arrived' | 'write' | 'committed' | 'read' | 'stepped' | 'answered' | 'seen';
const moments = new Map<Moment, number>();
const mark = (moment: Moment) => moments.set(moment, performance.now());

const stages: readonly (readonly [what: string, from: Moment, to: Moment])[] = [
  ['request sent → at the server', 'sent', 'arrived'],
  ['→ its write is sent to the database', 'arrived', 'write'],
  ['→ committed', 'write', 'committed'],
  ['→ the host’s feed is read', 'committed', 'read'],
  ['→ read', 'read', 'stepped'],
  ['→ the agent has changed the switch', 'stepped', 'seen'],
  ['request sent → the switch has it', 'sent', 'seen'],
  ['request sent → answered', 'sent', 'answered'],
];

await withLab(async ({ data, ovs }) => {
  await using stack = new AsyncDisposableStack();
  const postgres = await startEmbeddedPostgres({ dataDir: data, log });
  const stop = new AbortController();
  const { parts, http } = await server(postgres.url);
  const running = runTogether([postgres, ...parts], stop.signal);
  stack.defer(async () => {
    stop.abort();
    await running;
  });
  const url = `http://127.0.0.1:${(await http.listening).port}`;
  await eventually(async () => {
    if (!(await fetch(`${url}/readyz`)).ok) throw new Error('The server is not ready.');
  });

  const [portId = ''] = await addPorts(ovs, 1);
  const client = new HttpClient(`${url}/graphql`, await tokenOf({ role: 'admin' }));
  stack.defer(() => client.close());
  const queue = stack.adopt(new QueueWatch(ovs.ovsdb), (watch) => watch.close());
  stack.use(
    startProgram('agent/main.ts', ['run'], {
      SLUICE_SERVER: `${url}/graphql`,
      SLUICE_TOKEN: await tokenOf({ role: 'agent', host }),
      SLUICE_HOST: host,
      SLUICE_DATA: join(data, 'agent'),
      SLUICE_OVSDB: ovs.ovsdb,
      SLUICE_OVS_NETNS: ovs.netns,
      SLUICE_METRICS_LISTEN: 'off',
    }),
  );
  await client.request(BindPortDocument, { input: { portId, host } });
  const { createQosRule } = await client.request(CreateQosRuleDocument, {
    input: { tenantId: 'bench', portId, direction: 'INGRESS', maxKbps: 1_000 },
  });
  await queue.sees(portId, 1_000);

  watchServer();
  const { id } = createQosRule.qosRule;
  const samples = new Map<string, number[]>(stages.map(([what]) => [what, []]));
  const changeOnce = async (index: number) => {
    moments.clear();
    const maxKbps = 2_000 + index;
    mark('sent');
    const answered = client
      .request(UpdateQosRuleDocument, { input: { id, maxKbps } })
      .then(() => mark('answered'));
    await Promise.all([answered, queue.sees(portId, maxKbps).then(() => mark('seen'))]);
    for (const [what, from, to] of stages) samples.get(what)?.push(between(from, to));
  };
  await measure(count, changeOnce, apartMs);
  await using alone = new LastGoodStore({ path: join(data, 'alone.json'), host });
  const saveMs = await measure(count, (index) =>
    alone.save({ cursor: `c${index}`, adminStateUp: true, ports: new Map() }),
  );
  await report(
    stages.map(([what]) => [what, spreadOf(samples.get(what) ?? [])] as const),
    saveMs,
  );
});

async function server(databaseUrl: string): Promise<ComposedServer> {
  await migrateUp(databaseUrl);
  return composeServer({
    databaseUrl,
    doorbell: 'postgres',
    tokenSecret: secret,
    listen: { host: '127.0.0.1', port: 0 },
    tls: undefined,
    origins: undefined,
    settings: defaultSettings,
    log,
  });
}

async function tokenOf(claims: Claims): Promise<string> {
  return (await createToken(secret, claims)).token;
}

function between(from: Moment, to: Moment): number {
  return (moments.get(to) ?? Number.NaN) - (moments.get(from) ?? Number.NaN);
}

/** Marks what the server does, from outside of its code: Node tells of requests, and pg of statements. */
function watchServer(): void {
  subscribe('http.server.request.start', () => mark('arrived'));
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = function watched(this: pg.Client, ...args: unknown[]) {
    const [asked] = args;
    const text = typeof asked === 'string' ? asked : String((asked as { text?: string }).text);
    const [begin, end] = momentsOf(text);
    const last = args.at(-1);
    if (begin) mark(begin);
    if (end && typeof last === 'function') {
      args[args.length - 1] = (...answer: unknown[]) => {
        mark(end);
        last(...answer);
      };
    }
    return Reflect.apply(query, this, args);
  } as typeof query;
}

function momentsOf(text: string): readonly [Moment, Moment] | readonly [] {
  if (text.includes('sluice_update_rule')) return ['write', 'committed'];
  if (text.includes('join host_feeds f on f.host = a.host')) return ['read', 'stepped'];
  return [];
}

async function report(
  spreads: readonly (readonly [string, Spread])[],
  saveMs: Spread,
): Promise<void> {
  const lines = [
    `${`one rule's change, ${count} times, one at a time`.padEnd(52)}   p50 ms   p99 ms`,
    ...spreads.map(([what, spread]) => row(what, spread)),
    row('alone: the agent’s save of the state on its disk', saveMs),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  await keepResults('stages', { stages: Object.fromEntries(spreads), saveMs });
}
