/**
 * `npm run bench throughput [-- CLIENTS [member]]`: how many single-rule changes one server acknowledges
 * a second, each rule on a host of its own, and how long one list of 10,000 rules takes; a real server
 * process, a real database that syncs its commits, all on this machine. As an administrator, or as a
 * member, whose statements PostgreSQL binds to its tenant's rows; its ports would have to be registered
 * for the list, so that is left out.
 */
import { randomUUID } from 'node:crypto';
import { ApplyQosRulesDocument, UpdateQosRuleDocument } from '../schema/generated/graphql.ts';
import { childrenOf, footprintOf } from './agent/process.ts';
import { withBenchDatabase } from './fleet/database.ts';
import { type SeededRule, seedFleet } from './fleet/seed.ts';
import { startFleetServer } from './fleet/server.ts';
import { HttpClient } from './httpClient.ts';
import { keepResults } from './results.ts';
import { measure, row, warmUpsOf } from './stats.ts';

const clients = Number(process.argv[2] ?? 8);
const role = process.argv[3] === 'member' ? 'member' : 'admin';
const warmUps = 250;
const changes = 750;
const listed = 10_000;

await withBenchDatabase(async (database) => {
  const rules = await seedFleet(database.url, { hosts: clients, portsEach: 1 });
  await using server = await startFleetServer(database);
  const token = await server.token(role === 'member' ? { role, tenant: 'fleet' } : { role });
  const pids = async () => ({
    server: [server.program.pid],
    database: [database.pid, ...(await childrenOf(database.pid))],
    clients: [process.pid],
  });

  const run = (count: number) =>
    Promise.all(rules.map((rule) => changeRepeatedly(server.url, token, rule, count)));
  await run(warmUps);
  const before = await cpuOf(await pids());
  const startedAt = performance.now();
  const [spread] = await run(changes);
  const made = clients * (changes + warmUpsOf(changes));
  const perSecond = (made * 1_000) / (performance.now() - startedAt);
  const after = await cpuOf(await pids());
  const cpuMsEach = Object.fromEntries(
    Object.entries(after).map(([who, ms]) => [who, (ms - (before[who] ?? 0)) / made]),
  );

  const listMs = role === 'admin' ? await applyLists(server.url, token) : undefined;

  const figure = (what: string, value: number, unit: string, asked = '') =>
    `${what.padEnd(60)} ${value.toFixed(value < 10 ? 2 : 0).padStart(8)} ${unit.padEnd(6)} ${asked}`;
  process.stdout.write(
    `${[
      figure(
        `single-rule changes acknowledged, ${clients} clients (${role})`,
        perSecond,
        '/s',
        '≥ 1000',
      ),
      ...Object.entries(cpuMsEach).map(([who, ms]) =>
        figure(`  time of the ${who}, each`, ms, 'ms'),
      ),
      ...Object.entries(listMs ?? {}).map(([what, ms]) =>
        figure(`applyQosRules, ${listed} rules: ${what}`, ms / 1_000, 's', '≤ 3'),
      ),
      '',
      `${''.padEnd(52)}   p50 ms   p99 ms`,
      ...(spread ? [row('one change, as one of the clients sees it', spread)] : []),
    ].join('\n')}\n`,
  );
  await keepResults(role === 'admin' ? 'throughput' : 'throughput-member', {
    clients,
    perSecond,
    spread,
    cpuMsEach,
    listed,
    listMs,
  });
});

async function changeRepeatedly(url: string, token: string, { id }: SeededRule, count: number) {
  const client = new HttpClient(url, token);
  try {
    return await measure(count, async (index) => {
      const maxKbps = 10_000 + ((index + count) % 1_000_000);
      await client.request(UpdateQosRuleDocument, { input: { id, maxKbps } });
    });
  } finally {
    client.close();
  }
}

async function cpuOf(pids: Readonly<Record<string, readonly number[]>>) {
  const used = Object.entries(pids).map(
    async ([who, of]) => [who, (await footprintOf(of)).cpuMs] as const,
  );
  return Object.fromEntries<number>(await Promise.all(used));
}

async function applyLists(url: string, token: string) {
  const client = new HttpClient(url, token);
  const list = Array.from({ length: listed }, () => randomUUID());
  const listMs = {
    create: await apply(client, list, 1_000),
    update: await apply(client, list, 2_000),
    leave: await apply(client, list, 2_000),
  };
  client.close();
  return listMs;
}

async function apply(client: HttpClient, portIds: readonly string[], maxKbps: number) {
  const startedAt = performance.now();
  const rules = portIds.map((portId) => ({ portId, direction: 'EGRESS' as const, maxKbps }));
  await client.request(ApplyQosRulesDocument, { input: { tenantId: 'fleet', rules } });
  return performance.now() - startedAt;
}
