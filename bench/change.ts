/**
 * `npm run bench change [-- PORTS]`: how long from a mutation sent until the switch's database has it,
 * one rule at a time, and until the API says APPLIED; beside the floor, measured in the same run.
 */
import { createLog } from '../lib/log.ts';
import {
  ApplyQosRulesDocument,
  QosRuleDocument,
  UpdateQosRuleDocument,
} from '../schema/generated/graphql.ts';
import { withLab } from '../scripts/demo/lab.ts';
import type { PrivateSwitch } from '../scripts/privateSwitch.ts';
import { startEmbeddedPostgres } from '../src/db/embedded.ts';
import { type System, startSystem } from '../test/support/system.ts';
import { measureFloor } from './floor.ts';
import { addPorts } from './ports.ts';
import { QueueWatch } from './queueWatch.ts';
import { keepResults } from './results.ts';
import { apartMs, measure, row } from './stats.ts';

const ports = Number(process.argv[2] ?? 200);
const count = 200;
const host = 'bench';

await withLab(async ({ data, ovs }) => {
  const stop = new AbortController();
  const postgres = await startEmbeddedPostgres({
    dataDir: data,
    log: createLog('bench', 'warn', 'pretty'),
  });
  const running = postgres.run(stop.signal);
  try {
    await bench(postgres.url, ovs);
  } finally {
    stop.abort();
    await running;
  }
});

async function bench(databaseUrl: string, ovs: PrivateSwitch): Promise<void> {
  await using system = await startSystem(databaseUrl);
  const queue = new QueueWatch(ovs.ovsdb);
  const portIds = await addPorts(ovs, ports);
  await system.startAgent({ host, ovs });
  const rules = await limitAll(system, portIds);
  const [first] = rules;
  if (!first) throw new Error('No rule was made.');
  await applied(system, rules.map(({ id }) => id).at(-1) ?? '');

  const floor = await measureFloor(databaseUrl, queue, count);
  const change = (maxKbps: number) =>
    system.request(UpdateQosRuleDocument, { input: { id: first.id, maxKbps } });
  const acknowledged = await measure(count, async (index) => {
    await change(100_000 + index);
  });
  await queue.sees(first.portId, 100_000 + count + count / 10 - 1);
  const switched = await measure(
    count,
    async (index) => {
      await Promise.all([change(200_000 + index), queue.sees(first.portId, 200_000 + index)]);
    },
    apartMs,
  );
  const settled = await measure(count / 4, async (index) => {
    await change(300_000 + index);
    await applied(system, first.id);
  });
  await queue.close();

  const lines = [
    `${`one rule's change, ${ports} limited ports, ${count} times`.padEnd(52)}   p50 ms   p99 ms  × floor`,
    row('floor: HTTP echo', floor.http),
    row('floor: commit of one statement', floor.commit),
    row('floor: WebSocket echo', floor.webSocket),
    row("floor: raw change in the switch's database", floor.switch),
    row('floor: sum', floor.sum, floor.sum),
    row('mutation answered, one right after the other', acknowledged, floor.sum),
    row('mutation sent → switch changed', switched, floor.sum),
    row('mutation sent → APPLIED read through the API', settled, floor.sum),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  await keepResults(`change-${ports}-ports`, { ports, floor, acknowledged, switched, settled });
}

async function limitAll(system: System, portIds: readonly string[]) {
  const rules = portIds.map((portId) => ({
    portId,
    direction: 'INGRESS' as const,
    maxKbps: 50_000,
  }));
  const { applyQosRules } = await system.request(ApplyQosRulesDocument, {
    input: { tenantId: 'bench', rules },
  });
  return applyQosRules.qosRules;
}

async function applied(system: System, id: string): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline) {
    const { qosRule } = await system.request(QosRuleDocument, { id });
    const bindings = qosRule?.bindings ?? [];
    if (bindings.length > 0 && bindings.every(({ status }) => status === 'APPLIED')) return;
  }
  throw new Error(`Rule ${id} was not applied within 60 s.`);
}
