import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { AgentMetrics } from '../../agent/metrics.ts';
import { startServer, type TestServer } from '../support/server.ts';

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly runbook: string };
}
interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}

const root = new URL('../..', import.meta.url).pathname;
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const alerts = (): readonly Alert[] =>
  parse(read('packaging/prometheus/sluice.rules.yml')).groups[0].rules;
const panels = (): readonly Panel[] => JSON.parse(read('packaging/grafana/sluice.json')).panels;

let server: TestServer;
let exported: ReadonlySet<string>;
beforeAll(async () => {
  server = await startServer();
  const ofServer = await (await fetch(new URL('/metrics', server.url))).text();
  const ofAgent = await new AgentMetrics(
    () => null,
    async () => [],
  ).print();
  const types = `${ofServer}\n${ofAgent}`.matchAll(/^# TYPE (\S+) (\S+)$/gm);
  exported = new Set(
    [...types].flatMap(([, name = '', type]) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name],
    ),
  );
});
afterAll(() => server.stop());

/** Names of metrics in an expression; `up` is Prometheus' own. */
const metricsIn = (expr: string): string[] => expr.match(/\b(sluice|process)_\w+/g) ?? [];

test('every metric of the alerts and of the dashboard is one that a server or an agent has', () => {
  const targets = panels().flatMap(({ targets = [] }) => targets);
  const named = [...alerts(), ...targets].flatMap(({ expr }) => metricsIn(expr));
  expect(named.length).toBeGreaterThan(30);
  expect(named.filter((name) => !exported.has(name))).toEqual([]);
});

test('every alert has its page, every page its alert, and the index names them all', () => {
  const pages = alerts().map(({ annotations }) => annotations.runbook);
  expect(pages.filter((page) => !existsSync(join(root, page)))).toEqual([]);
  const files = readdirSync(join(root, 'docs/runbooks')).filter((name) => name !== 'README.md');
  expect(files.map((name) => `docs/runbooks/${name}`).sort()).toEqual(pages.sort());
  const index = read('docs/runbooks/README.md');
  for (const { alert, expr, annotations } of alerts()) {
    expect(index).toContain(`[${alert}](${annotations.runbook.split('/').at(-1)})`);
    expect(read(annotations.runbook)).toContain(`# ${alert}\n`);
    expect(read(annotations.runbook)).toContain(`\`${expr}\``);
  }
});

test('every metric of our own is in the docs', () => {
  const docs = read('docs/metrics.md');
  const own = [...exported].filter((name) => name.startsWith('sluice_'));
  const missing = own.filter((name) => !docs.includes(name.replace(/_(bucket|count|sum)$/, '')));
  expect(missing).toEqual([]);
});
